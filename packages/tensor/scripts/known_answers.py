#!/usr/bin/python3
"""Prints the literals of test/random.test.ts from a second implementation of Philox4x32-10 and of what is built on it.

Random123's own known answer is checked first (Salmon et al. 2011, doi:10.1145/2063384.2063405).
"""
import math

WORD = 0xFFFFFFFF
SPLIT, FOLD = 0x73706C74, 0x666F6C64


def philox(counter, key):
    (a, b, c, d), (k, l) = counter, key
    for _ in range(10):
        p, q = 0xD2511F53 * a, 0xCD9E8D57 * c
        a, b, c, d = (q >> 32) ^ b ^ k, q & WORD, (p >> 32) ^ d ^ l, p & WORD
        k, l = (k + 0x9E3779B9) & WORD, (l + 0xBB67AE85) & WORD
    return a, b, c, d


assert philox((0, 0, 0, 0), (0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)

KEY = (42, 0)
WORDS = [word for block in range(16) for word in philox((block, 0, 0, 0), KEY)]
SINGLE = [(word >> 8) * 2**-24 for word in WORDS]
DOUBLE = [((a >> 5) * 2**26 + (b >> 6)) * 2**-53 for a, b in zip(WORDS[::2], WORDS[1::2])]


def derived(low, high, purpose):
    return dict(zip(("low", "high"), philox((low, high, purpose, 0), KEY)))


def normal(first, second):
    radius = math.sqrt(-2 * math.log(1 - first))
    return radius * math.cos(2 * math.pi * second), radius * math.sin(2 * math.pi * second)


def permutation(n):
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = math.floor(DOUBLE[i] * (i + 1))
        order[i], order[j] = order[j], order[i]
    return order


print("split", derived(0, 0, SPLIT), derived(1, 0, SPLIT))
print("foldIn 0, 2^33 + 1", derived(0, 0, FOLD), derived(1, 2, FOLD))
print("uniform float32", SINGLE[:3])
print("uniform float64", DOUBLE[:3])
print("normal", *normal(*DOUBLE[:2]), *normal(*DOUBLE[2:4]))
print("bernoulli 0.5", [int(unit < 0.5) for unit in DOUBLE[:12]])
print("randomInt -5, 100", [-5 + math.floor(unit * 105) for unit in DOUBLE[:8]])
print("permutation 10", permutation(10))
