// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.Usage;
import org.taskwatch.api.tool.UsageSum;
import org.taskwatch.api.tool.UsageSums.By;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The sums of those that have ended from one time to another. For one thread at a time.
final class Period {
    /// So many names have a sum of their own: a user can label and name his processes as he likes.
    static final int MOST_NAMES = 256;

    /// The sum of those that found no room. No program is called so: a name has 15 bytes at most.
    static final String OTHERS = "(all the others)";

    /// In the order of [By].
    private final List<Map<String, Sum>> sums;

    private final long start;
    private long end;
    private long lost;

    /// Begins one.
    ///
    /// @param start when, in nanoseconds
    Period(long start) {
        this.start = start;
        end = start;
        sums = Arrays.stream(By.values()).<Map<String, Sum>>map(_ -> new HashMap<>()).toList();
    }

    /// {@return when it begins}
    long start() {
        return start;
    }

    /// {@return when the last was added}
    long end() {
        return end;
    }

    long lost() {
        return lost;
    }

    /// Adds a process that has ended.
    void add(long now, TaskDetails process) {
        end = now;
        Usage used = process.usage().value().orElse(null);
        if (process.labels().isEmpty()) {
            sum(By.LABEL, Names.NO_LABEL).add(used);
        } else {
            process.labels().forEach((key, value) -> sum(By.LABEL, key + "=" + value).add(used));
        }
        sum(By.USER, Names.user(process)).add(used);
        sum(By.CONTAINER, Names.container(process)).add(used);
        sum(By.PROGRAM, Names.program(process)).add(used);
    }

    /// Adds events that were lost.
    void lose(long now, long count) {
        end = now;
        lost += count;
    }

    /// Adds what is in another one.
    void add(Period other) {
        end = Math.max(end, other.end);
        lost += other.lost;
        for (By by : By.values()) {
            other.sums.get(by.ordinal()).forEach((name, sum) -> sum(by, name).add(sum));
        }
    }

    private Sum sum(By by, String name) {
        Map<String, Sum> its = sums.get(by.ordinal());
        Sum sum = its.get(name);
        if (sum == null) {
            int names = its.size() - (its.containsKey(OTHERS) ? 1 : 0);
            sum = its.computeIfAbsent(names < MOST_NAMES ? name : OTHERS, _ -> new Sum());
        }
        return sum;
    }

    /// {@return the sums as they are now, that with the most processor time first}
    List<UsageSum> sums(By by) {
        return sums.get(by.ordinal()).entrySet().stream()
                .map(each -> each.getValue().named(each.getKey()))
                .sorted(
                        Comparator.comparing(UsageSum::total)
                                .reversed()
                                .thenComparing(UsageSum::name))
                .toList();
    }
}
