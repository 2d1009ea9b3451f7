/** A ResNet as OpenAI built it for CLIP (Radford et al. 2021, section 2.4). */
export interface ResNetConfig {
  /** For messages. */
  readonly family: "ResNet";
  /** Side of the input in pixels, a multiple of 32. */
  readonly size: number;
  /** Blocks of each stage. */
  readonly layers: readonly [number, number, number, number];
  /** Channels of the first stage; features have 32 times as many. */
  readonly width: number;
  /** Heads of the pooling by attention. */
  readonly heads: number;
}
