// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;

/// The C program `monitor.c`: it does what a line asks for, and answers by a line.
///
/// @param process it, running
record KmonitorProgram(Process process) {
    long pid() {
        return process.pid();
    }

    void go() throws IOException {
        tell("");
    }

    void tell(String line) throws IOException {
        process.outputWriter().append(line).append('\n').flush();
    }

    String answer() throws IOException {
        String line = process.inputReader().readLine();
        return Objects.requireNonNull(line, "the program has ended").replaceFirst("^= ", "");
    }

    String ask(String line) throws IOException {
        tell(line);
        return answer();
    }

    int register(long pid, int mask) throws IOException {
        return register(pid, mask, KmonitorClients.SIGNAL);
    }

    int register(long pid, int mask, int signal) throws IOException {
        return Integer.parseInt(ask("r %d %d %d".formatted(pid, mask, signal)));
    }

    /// {@return the next signal, of root's or nobody's task, as `INT PID`}
    String signal() throws IOException {
        return signal(KmonitorClients.SIGNAL, 0);
    }

    String signal(int number, int uid) throws IOException {
        String[] words = ask("w").split(" ");
        assertThat(words).hasSize(5);
        assertThat(words[0]).as("si_signo").isEqualTo(number + "");
        assertThat(words[1]).as("si_code").isEqualTo("-1");
        assertThat(words[4]).as("si_uid").isEqualTo(uid + "");
        return words[2] + " " + words[3];
    }
}
