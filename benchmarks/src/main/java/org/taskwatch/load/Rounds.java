// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import org.jspecify.annotations.Nullable;
import org.taskwatch.load.Load.Done;
import org.taskwatch.load.Observer.Seen;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Puts each load on the machine with each observer, by turns, so that all of them meet the same
/// weather.
///
/// @param loads the loads
/// @param observers the observers, the first is nobody
record Rounds(List<Load> loads, List<Observer> observers) {
    /// One load with one observer.
    ///
    /// @param cpuNanos the processor time of the observer, also for what it did after the load
    /// @param residentKilobytes its memory then
    record Result(
            int round,
            String load,
            String observer,
            Done done,
            Seen seen,
            long cpuNanos,
            long residentKilobytes) {}

    /// Runs some rounds, each observer at another place in each of them.
    List<Result> run(int rounds) throws IOException, InterruptedException {
        List<Result> results = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            System.out.println("round " + (round + 1) + " of " + rounds);
            for (Load load : loads) {
                for (int i = 0; i < observers.size(); i++) {
                    Observer observer = observers.get((round + i) % observers.size());
                    results.add(measure(round, load, observer));
                }
            }
        }
        return results;
    }

    private static Result measure(int round, Load load, Observer observer)
            throws IOException, InterruptedException {
        observer.begin();
        Observed process = observer.process();
        long before = cpuNanos(process);
        Done done = load.run(observer);
        long cpu = cpuNanos(process) - before;
        long resident = process == null ? 0 : process.residentKilobytes();
        Seen seen = observer.end(done);
        return new Result(round, load.name(), observer.name(), done, seen, cpu, resident);
    }

    private static long cpuNanos(@Nullable Observed process) {
        return process == null ? 0 : process.cpuNanos();
    }
}
