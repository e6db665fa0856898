// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.taskwatch.linux.BpfObject;
import org.taskwatch.linux.LinuxException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/// Why the kernel's verifier refuses a program. It says so if it is asked with a second attempt.
final class VerifierLog {
    private static final int PROG_LOAD = 5; // linux/bpf.h

    // The fields of the attributes, see BpfProgram.
    private static final long LOG_LEVEL = 24;
    private static final long LOG_SIZE = 28;
    private static final long LOG_BUFFER = 32;

    private static final int LOG_BYTES =
            1 << 20; // if that is too little, newer kernels keep the end
    private static final int LINES = 12;
    private static final int CHARACTERS = 2000;

    /// An instruction that it has come to, as in `12: (79) r1 = *(u64 *)(r6 +8)`.
    private static final Pattern INSTRUCTION = Pattern.compile("(?m)^(\\d{1,7}): \\(");

    private VerifierLog() {}

    /// {@return the end of what the verifier says, with what the last instruction that it has come to is for;
    /// empty if it says nothing, as when the process may not load programs}
    ///
    /// @param attributes of the command that has failed; they are changed
    static String of(MemorySegment attributes, Code code, Arena arena) {
        MemorySegment log = arena.allocate(LOG_BYTES);
        attributes.set(JAVA_INT, LOG_LEVEL, 1);
        attributes.set(JAVA_INT, LOG_SIZE, LOG_BYTES);
        attributes.set(JAVA_LONG, LOG_BUFFER, log.address());
        try (BpfObject _ = BpfObject.open(PROG_LOAD, attributes, "a second attempt")) {
            return "; a second attempt has worked";
        } catch (LinuxException _) { // as the first one
            String all = log.getString(0, StandardCharsets.US_ASCII);
            return all.isBlank() ? "" : "; the verifier says:\n" + told(all, code);
        }
    }

    /// {@return the end of a log, and what it is about}
    static String told(String log, Code code) {
        List<String> lines = log.lines().filter(line -> !line.isBlank()).toList();
        String end =
                String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        String bounded = end.substring(Math.max(0, end.length() - CHARACTERS));
        int last =
                INSTRUCTION
                        .matcher(log)
                        .results()
                        .mapToInt(found -> Integer.parseInt(found.group(1)))
                        .reduce(-1, (_, next) -> next);
        String comment = code.comment(last);
        return comment.isEmpty() ? bounded : bounded + "\nin: " + comment;
    }
}
