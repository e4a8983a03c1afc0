import { expect, test } from "vitest";
import { precise, ulps } from "./support/precise.ts";

test("the exact reference agrees with published digits", () => {
  // 20 digits from the Digital Library of Mathematical Functions and OEIS
  const digits = (value: bigint): string => ((value * 10n ** 20n) >> 1400n).toString();
  expect(digits(precise.exp(1))).toBe("271828182845904523536"); // A001113
  expect(digits(precise.log(2))).toBe("69314718055994530941"); // A002162
  expect(digits(precise.sin(1))).toBe("84147098480789650665"); // A049469
  expect(digits(precise.cos(1))).toBe("54030230586813971740"); // A049470
  expect(digits(precise.tanh(1))).toBe("76159415595576488811"); // A073744
  expect(digits(precise.erf(1))).toBe("84270079294971486934"); // A099286
  expect(digits(precise.sigmoid(0))).toBe("50000000000000000000");
});

test("ulps counts units in the last place, also among subnormals", () => {
  expect(ulps(1, precise.exp(0))).toBe(0);
  expect(ulps(1 + 2 ** -52, precise.exp(0))).toBe(1);
  expect(ulps(2 ** -1073, precise.sin(2 ** -1074))).toBe(1);
});
