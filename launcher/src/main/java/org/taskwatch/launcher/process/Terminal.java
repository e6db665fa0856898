// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.process;

import org.taskwatch.launcher.failure.Failure;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// The terminal of this process in raw mode: each key goes to the instance as it is pressed. It is
/// restored when this is closed or the process ends, by a signal too.
public final class Terminal implements AutoCloseable {
    private static final File TTY = new File("/dev/tty");

    private final String saved;
    private final AtomicBoolean restored = new AtomicBoolean();
    private final Thread hook = new Thread(this::restore, "taskwatch-terminal");

    private Terminal(String saved) {
        this.saved = saved;
    }

    /// {@return whether standard input and output are a terminal}
    public static boolean present() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// {@return the terminal, in raw mode from now on}
    public static Terminal raw() {
        Terminal terminal = new Terminal(stty("-g"));
        Runtime.getRuntime().addShutdownHook(terminal.hook);
        stty("raw", "-echo");
        return terminal;
    }

    /// {@return its size as the protocol wants it: "COLUMNS LINES"}
    public static String size() {
        String size = stty("size"); // LINES COLUMNS, zeros where the terminal does not know
        String[] numbers = (size.equals("0 0") ? "24 80" : size).split(" ");
        return numbers[1] + " " + numbers[0];
    }

    /// {@return its type}
    public static String type() {
        return type(System.getenv());
    }

    /// {@return the type that an environment names}
    ///
    /// @param environment the variables
    static String type(Map<String, String> environment) {
        String type = environment.get("TERM");
        return type == null || type.isBlank() ? "dumb" : type;
    }

    @Override
    public void close() {
        restore();
    }

    private void restore() {
        if (restored.compareAndSet(false, true)) {
            stty(saved);
        }
    }

    private static String stty(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        String name = String.join(" ", command);
        try {
            Process stty =
                    new ProcessBuilder(command)
                            .redirectInput(TTY)
                            .redirectErrorStream(true)
                            .start();
            String output =
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (stty.waitFor() != 0) {
                throw new Failure(
                        "cannot set the terminal: %s: %s".formatted(name, output.strip()));
            }
            return output.strip();
        } catch (IOException | InterruptedException e) {
            throw new Failure("cannot set the terminal: %s: %s".formatted(name, Failure.reason(e)));
        }
    }
}
