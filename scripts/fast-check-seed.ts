import fc from "fast-check";

// Continuous integration draws the same cases on every run, so that a red build is red again; elsewhere they are new.
if (process.env["CI"] !== undefined) fc.configureGlobal({ seed: 20_260_101 });
