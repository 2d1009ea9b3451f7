import { expect } from "expect";
import { type Hooks, tellHooks } from "../../core/hooks.ts";

const checkpoint = { step: 2, path: "step-2" };
const end = { folder: "runs/a", steps: 2, completed: true };

Deno.test("tellHooks: one after the other, each awaited, in their order", async () => {
  const heard: string[] = [];
  const slow = (name: string, milliseconds: number): Hooks => ({
    name,
    onCheckpoint: async ({ step }) => {
      await new Promise((done) => setTimeout(done, milliseconds));
      heard.push(`${name} ${step}`);
    },
  });
  const deaf: Hooks = { name: "deaf" };
  await tellHooks([slow("a", 5), deaf, slow("b", 0)])("onCheckpoint", checkpoint);
  expect(heard).toEqual(["a 2", "b 2"]);
});

Deno.test("tellHooks: a hook keeps its `this`", async () => {
  const counter = {
    name: "counter",
    count: 0,
    onCheckpoint() {
      this.count++;
    },
  };
  await tellHooks([counter])("onCheckpoint", checkpoint);
  expect(counter.count).toBe(1);
});

Deno.test("tellHooks: an error names the hook and the event, and ends the round", async () => {
  const heard: string[] = [];
  const cause = new RangeError("no disk");
  const hooks: Hooks[] = [
    { name: "bad", onCheckpoint: () => Promise.reject(cause), onEnd: () => Promise.reject(cause) },
    {
      name: "good",
      onCheckpoint: () => void heard.push("step"),
      onEnd: () => void heard.push("end"),
    },
  ];
  const tell = tellHooks(hooks);
  const failed = tell("onCheckpoint", checkpoint);
  await expect(failed).rejects.toThrow('the hook "bad" failed in onCheckpoint: no disk');
  await expect(failed).rejects.toHaveProperty("cause", cause);
  expect(heard).toEqual([]);
  // The end reaches all.
  await expect(tell("onEnd", end)).rejects.toThrow('the hook "bad" failed in onEnd: no disk');
  expect(heard).toEqual(["end"]);
});
