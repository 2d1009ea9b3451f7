import { expect } from "expect";
import { loadModel } from "../../../../plugins/app/models/load_model.ts";
import { HubApiError } from "../../../../plugins/app/push/hub.ts";
import { pushFiles, repositoryOf } from "../../../../plugins/app/push/push_files.ts";
import { pushModel, type PushOptions } from "../../../../plugins/app/push/push_model.ts";
import { startHub } from "../../../helpers/hub_server.ts";
import { runCommand as run } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const token = "hf_secretsecret";

/** A run with a model: two files of weights, one of text. */
async function writeModel(folder: string): Promise<void> {
  await Deno.mkdir(`${folder}/model`);
  for (const file of ["manifest.json", "metrics.jsonl", "model/README.md"]) {
    await Deno.writeTextFile(`${folder}/${file}`, `of ${file}`);
  }
  await Deno.writeFile(`${folder}/model/model.safetensors`, new Uint8Array(70_000).fill(1));
  await Deno.writeFile(`${folder}/model/losses.safetensors`, new Uint8Array(900).fill(2));
  await Deno.writeTextFile(`${folder}/model/.lock`, "");
}

async function optionsFor(
  folder: string,
  endpoint: string,
): Promise<PushOptions & { readonly lines: string[] }> {
  const lines: string[] = [];
  return {
    ...{ repository: "ada/my-clip", files: await pushFiles(folder), token, endpoint },
    ...{ isPublic: false, message: "A model", lines, log: (line) => lines.push(line) },
  };
}

Deno.test("pushModel: makes a private repository, and goes on with what is not there yet", () =>
  withFolder(async (folder) => {
    await writeModel(folder);
    await using hub = startHub(token);
    const options = await optionsFor(folder, hub.url);
    hub.room = 1;
    const failed = await pushModel(options).catch((error) => error as Error);
    // Told in this project's words.
    expect(failed).not.toBeInstanceOf(HubApiError);
    expect((failed as Error).message).toContain("hf:ada/my-clip: ");
    expect((failed as Error).message).toContain("goes on with what is not there yet");
    const repository = hub.repositories.get("ada/my-clip")!;
    expect(repository).toMatchObject({ visibility: "private", commits: [] });
    const puts = () => hub.requests.filter(({ line }) => line.startsWith("PUT")).length;
    const before = puts();
    expect(hub.uploaded.size).toBe(1);

    const shares: number[] = [];
    const url = await pushModel({ ...options, onProgress: (share) => shares.push(share) });
    expect(url).toBe(`${hub.url}/ada/my-clip/commit/abc`);
    // Of the two large files only what is missing is sent.
    expect(puts() - before).toBe(1);
    expect([...repository.files.keys()].toSorted())
      .toEqual(["README.md", "losses.safetensors", "model.safetensors"]);
    expect(repository.files.get("README.md")).toBe("of model/README.md");
    expect(repository.commits).toEqual(["A model"]);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    // Storage is somebody else: it gets no token.
    expect(hub.requests.filter(({ line }) => line.startsWith("PUT")).map((each) => each.token))
      .toEqual(new Array(puts()).fill(null));
    expect(options.lines.join("\n")).not.toContain("secret");
  }));

Deno.test("pushModel: a public repository has to be meant; a token is in no message", () =>
  withFolder(async (folder) => {
    await writeModel(folder);
    await using hub = startHub(token);
    const options = await optionsFor(folder, hub.url);
    await pushModel({ ...options, isPublic: true });
    expect(hub.repositories.get("ada/my-clip")!.visibility).toBe("public");
    await expect(pushModel(options)).rejects
      .toThrow("hf:ada/my-clip: it is public; --public says that the model may be seen");
    const other = "hf_othersecret";
    const refused = await pushModel({ ...options, token: other }).catch((error) => error as Error);
    expect((refused as Error).message).toContain("does the token of HF_TOKEN have the right");
    expect(Deno.inspect(refused)).not.toContain(other);
  }));

Deno.test("push --dry-run: tells what would be pushed, and asks nobody", () =>
  withFolder(async (folder) => {
    await writeModel(folder);
    const { code, out, err } = await run("push", folder, "hf:ada/my-clip", "--dry-run");
    expect(code === 0 ? "" : err).toBe("");
    expect(out.split("\n").map((line) => line.split(/\s{2,}/)[0])).toEqual([
      ...["README.md", "losses.safetensors", "model.safetensors", ""],
      ...["would go to hf:ada/my-clip (private if new)", ""],
    ]);
    const wrong = await run("push", folder, "ada/my-clip", "--dry-run");
    expect(wrong.err).toBe(
      "error: expected a repository such as hf:ada/my-clip, found ada/my-clip\n",
    );
  }));

Deno.test("pushFiles, repositoryOf: what is no model or no repository is refused", () =>
  withFolder(async (folder) => {
    expect(repositoryOf("hf:ada/my.clip-1")).toBe("ada/my.clip-1");
    for (const address of ["hf:ada", "hf:ada/my/clip", "https://example.org/a/b"]) {
      expect(() => repositoryOf(address)).toThrow(`found ${address}`);
    }
    await expect(pushFiles(folder)).rejects.toThrow("found no weights in it");
    await expect(pushFiles(`${folder}/none`)).rejects.toThrow("expected a model folder");
    {
      await using model = await loadModel("tiny", { device: "cpu", log: () => {} });
      await model.save(`${folder}/model`);
    }
    expect((await pushFiles(`${folder}/model`)).map(({ name }) => name))
      .toEqual(["README.md", "open_clip_config.json", "open_clip_model.safetensors"]);
  }));
