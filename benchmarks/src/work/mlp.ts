export { ADAM, MLP, mlpData, mlpShapes, oneHotTargets } from "@ganglion/models/bench";
