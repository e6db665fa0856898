// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.procfs;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Which tasks have a folder. Safe for all threads.
final class ProcListing {
    private ProcListing() {}

    /// {@return the pids of all processes, ascending}
    ///
    /// @param folder that has a folder for each
    /// @throws IOException if it can't be listed, as without a free file descriptor
    static int[] processes(String folder) throws IOException {
        String[] names = new File(folder).list();
        if (names == null) {
            throw new IOException("can't list " + folder);
        }
        return numbers(names).sorted().toArray();
    }

    /// {@return the tids of a process, its own among them, ascending; empty if it is gone}
    ///
    /// The kernel follows the list of threads while they come and go: a listing may miss one
    /// that lives if another exits at that moment (`next_tid` of `fs/proc/base.c`). So this
    /// makes two listings.
    ///
    /// @param process the folder of the process
    static int[] threads(String process) {
        File folder = new File(process, "task");
        return IntStream.concat(numbers(folder.list()), numbers(folder.list()))
                .distinct()
                .sorted()
                .toArray();
    }

    private static IntStream numbers(String @Nullable [] names) {
        return names == null
                ? IntStream.empty()
                : Arrays.stream(names)
                        .filter(name -> Character.isDigit(name.charAt(0)))
                        .mapToInt(Integer::parseInt);
    }
}
