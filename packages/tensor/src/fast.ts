export { fast } from "@ganglion/kernels/fast";
