// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Programs that are over in less than a millisecond, made by two workers of `arguments.c`: one by posix_spawn,
/// one by vfork. The records of the kernel have the arguments of each. With the connector some programs have
/// ended before they can be read; of these it is told that they were executed, and no arguments.
public class ExecStormIT extends ExecFixture {
    private static final int PROGRAMS = 10_000;
    private static final int PROGRAMS_OF_CONNECTOR = 2_000;

    /// {@return what was told of the programs, and of others whose arguments are not known}
    private static List<Exec> duringStorm(int programs) throws Exception {
        return during(compile("arguments") + " many /bin/true " + programs).execs().stream()
                .filter(exec ->
                        exec.arguments().startsWith("[\"/bin/true\",\"a\",")
                                || exec.arguments().equals(Exec.UNKNOWN))
                .toList();
    }

    private static Set<String> expected(int programs) {
        return IntStream.range(0, programs)
                .mapToObj(
                        i -> "[\"/bin/true\",\"a\",\"b\",\"c\",\"%d-%d\"]".formatted(i % 2, i / 2))
                .collect(Collectors.toSet());
    }

    @Test
    public void shouldTellEachOfManyShortProgramsAndNoWrongArguments() throws Exception {
        int programs = isEbpf() ? PROGRAMS : PROGRAMS_OF_CONNECTOR;
        List<String> told = duringStorm(programs).stream().map(Exec::arguments).toList();
        List<String> known = told.stream().filter(text -> !text.equals(Exec.UNKNOWN)).toList();

        assertThat(known).doesNotHaveDuplicates().allMatch(expected(programs)::contains);
        assertThat(told).hasSizeGreaterThanOrEqualTo(programs); // others may be short too
        if (isEbpf()) {
            assertThat(known).hasSize(programs);
            assertThat(told).doesNotContain(Exec.UNKNOWN);
        }
    }
}
