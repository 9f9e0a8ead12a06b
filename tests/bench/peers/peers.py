# The benchmarks' models for SimPy (Debian: python3-simpy3), as its manual
# teaches to write them. Prints rows as bench does.
#
# SPDX-License-Identifier: GPL-3.0-or-later
import random
import resource
import sys
import time

import simpy


class Sums:
    done = 0
    response = 0.0


def visitor(env, steps, rng, sums):
    begun = env.now
    for station, mean in steps:
        with station.request() as turn:
            yield turn
            yield env.timeout(rng.expovariate(1.0 / mean))
    sums.done += 1
    sums.response += env.now - begun


def source(env, gap, steps, rng, sums):
    while True:
        yield env.timeout(rng.expovariate(1.0 / gap))
        env.process(visitor(env, steps, rng, sums))


def run(name, count, gap, make_steps):
    env = simpy.Environment()
    sums = Sums()
    env.process(source(env, gap, make_steps(env), random.Random(1), sums))
    begin = time.process_time()
    while sums.done < count:
        env.step()
    span = time.process_time() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(f"{name},simpy {simpy.__version__},{count / span:.0f},,,{memory:.1f}")
    sys.stdout.flush()


def mm1(env):
    return [(simpy.Resource(env, 1), 1.0)]


def path8(env):
    loop, threads = simpy.Resource(env, 1), simpy.Resource(env, 40)
    database = simpy.Resource(env, 20)
    step = {"L": (loop, 50.0), "T": (threads, 100.0), "D": (database, 2000.0)}
    return [step[letter] for letter in "LLTLDLTL"]


run("mm1", 200000, 1.0 / 0.9, mm1)
run("path8", 20000, 1e6 / 3000.0, path8)
