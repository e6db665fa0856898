// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.process;

import org.taskwatch.linux.ProcessImage;
import org.taskwatch.linux.proc.ProcStatus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What this process was given by whoever has executed `bin/taskwatch`, to be handed on. What the JVM or the shell
/// changes for itself, the script tells by system properties.
public final class Inheritance {
    /// The signals that were ignored, as `SigIgn` of `proc_pid_status(5)`, but for some that the JVM leaves alone.
    private static final String IGNORED = "taskwatch.ignored";

    /// The descriptors that were open, with a comma behind each.
    private static final String DESCRIPTORS = "taskwatch.descriptors";

    /// How many strings the environment had. The script hands each on as the value of a variable: of its own
    /// environment a shell changes some, and gives all another order.
    private static final String ENVIRONMENT = "taskwatch.environment";

    private static final String VARIABLE = "TASKWATCH_ENVIRONMENT_";
    private static final int HEX = 16;

    private Inheritance() {}

    /// {@return this process as a command is to get it} To be called before anything that has to do with processes
    /// or the environment, as [System#getenv]: the JDK ends the ignoring of SIGCHLD for all of these.
    ///
    /// @param words how many of its last arguments are the command and those of it
    /// @throws IOException if `/proc` does not tell what this process was given
    public static ProcessImage image(int words) throws IOException {
        List<String> arguments = strings("/proc/self/cmdline");
        // The mask is that of the first thread, with which Java does nothing: `main` runs on
        // another.
        ProcStatus own = ProcStatus.parse(Files.readAllBytes(Path.of("/proc/self/status")));
        long ignored = Long.parseUnsignedLong(System.getProperty(IGNORED, "0"), HEX);
        return new ProcessImage(
                bytes(arguments.subList(arguments.size() - words, arguments.size())),
                bytes(environment()),
                own.blockedSignals(),
                own.ignoredSignals() | ignored,
                descriptors());
    }

    private static List<String> environment() throws IOException {
        List<String> own = strings("/proc/self/environ");
        int count = Integer.getInteger(ENVIRONMENT, -1);
        if (count < 0) {
            return own;
        }
        Map<String, String> values = new HashMap<>();
        for (String variable : own) {
            int name = variable.indexOf('=');
            values.put(variable.substring(0, Math.max(0, name)), variable.substring(name + 1));
        }
        return IntStream.range(0, count).mapToObj(i -> values.get(VARIABLE + i)).toList();
    }

    private static Set<Integer> descriptors() {
        return Arrays.stream(System.getProperty(DESCRIPTORS, "0,1,2,").split(","))
                .filter(number -> !number.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// {@return the strings of a file, behind each of which is a zero byte; each byte is one character}
    private static List<String> strings(String file) throws IOException {
        String text = new String(Files.readAllBytes(Path.of(file)), StandardCharsets.ISO_8859_1);
        List<String> parts = List.of(text.split("\0", -1));
        return parts.subList(0, parts.size() - 1);
    }

    private static List<byte[]> bytes(List<String> strings) {
        return strings.stream().map(s -> s.getBytes(StandardCharsets.ISO_8859_1)).toList();
    }
}
