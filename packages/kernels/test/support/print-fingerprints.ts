import { fingerprints } from "./fingerprints.ts";

console.log(JSON.stringify(fingerprints()));
