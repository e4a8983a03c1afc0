export { type RollOut, type RollOutConfig, known, masksOf, rollOut, trainingStep } from "./bench/automaton.ts";
export { ADAM, MLP, mlpData, mlpShapes, oneHotTargets } from "./bench/mlp.ts";
export { numbers } from "./bench/numbers.ts";
export { mlp, products } from "./bench/perceptron.ts";
export { type Answered, type Question, ask, questions } from "./bench/questions.ts";
export { type Contender, type RaceConfig, type Sample, type Timing, contender, race } from "./bench/race.ts";
