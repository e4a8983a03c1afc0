/** One measured figure. */
export interface Row {
  readonly suite: string;
  readonly name: string;
  /** Share of problems with all digits right, in [0, 1]; for utilisation, the share of the work. */
  readonly measured: number;
  /** Standard deviation over orders of firing, where several were run. */
  readonly spread?: number;
  /** The figure that gary-neuron published. */
  readonly published?: number;
  /** Share of problems whose carries had time to arrive: no rule does better, except by luck. */
  readonly ceiling?: number;
  /** Answers that are wrong although every carry had arrived. */
  readonly modelMisses: number;
  /** Answers that are wrong because a carry was still on its way. */
  readonly unfinished: number;
  /** Answers looked at. */
  readonly n: number;
}
