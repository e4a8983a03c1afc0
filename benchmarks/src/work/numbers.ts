export { numbers } from "@ganglion/models/bench";
