"use strict";

// What Python starts as jsii's runtime. jsii's own starts a second Node process, which does the work, and passes each
// message on between the two. Here the work is done at once: the same program (GROUNDPLAN_JSII_PROGRAM), which talks
// through descriptor 3, is given standard input and output for it.

const fs = require("node:fs");

const CHANNEL = 3;
const { readSync, writeSync } = fs;
fs.readSync = (descriptor, ...rest) => readSync(descriptor === CHANNEL ? 0 : descriptor, ...rest);
fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === CHANNEL ? 1 : descriptor, ...rest);

// Python takes what the program prints from standard error, a line of JSON each.
for (const name of ["stdout", "stderr"]) {
  process[name].write = (chunk, encoding, done) => {
    const text = Buffer.from(chunk, typeof encoding === "string" ? encoding : undefined).toString("base64");
    writeSync(2, `${JSON.stringify({ [name]: text })}\n`);
    const told = typeof encoding === "function" ? encoding : done;
    told?.();
    return true;
  };
}

// jsii links a package of its cache as one folder only where Node was started with this flag, and looks for it among the
// arguments alone; else it links each of its 2,100 files, and removes them at the end.
process.execArgv.push("--preserve-symlinks");

require(process.env.GROUNDPLAN_JSII_PROGRAM);
