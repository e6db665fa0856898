// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.control.Frame;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.Signals;
import org.taskwatch.launcher.process.Terminal;
import org.taskwatch.launcher.process.TerminalOutput;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/// The shell of a running instance, or one of its commands, on the terminal of this process.
public final class InteractiveShell {
    private InteractiveShell() {}

    /// Runs it until the user leaves it or the instance ends it.
    ///
    /// @param client a new session
    /// @param command the command line to execute, empty for the shell
    /// @param in what the user types
    /// @param out where the output goes
    /// @param err where the error output goes
    /// @return the exit status
    public static int run(
            ControlClient client,
            String command,
            InputStream in,
            OutputStream out,
            OutputStream err) {
        try (Terminal _ = Terminal.raw();
                Signals _ = Signals.handle("WINCH", () -> resize(client))) {
            client.show(TerminalOutput.STANDARD.style());
            String request = Terminal.type() + " " + Terminal.size() + " " + command;
            client.send(Frame.of(Frame.INTERACTIVE, request.strip()));
            Thread.ofPlatform()
                    .name("taskwatch-stdin")
                    .daemon() // it stays in its read when the session has ended
                    .start(() -> forward(in, client));
            return client.receive(out, err);
        }
    }

    private static void resize(ControlClient client) {
        try {
            client.send(Frame.of(Frame.WINDOW, Terminal.size()));
        } catch (Failure e) {
            return; // the session has ended meanwhile
        }
    }

    private static void forward(InputStream in, ControlClient client) {
        byte[] buffer = new byte[4096];
        try (client) {
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                client.send(new Frame(Frame.DATA, Arrays.copyOf(buffer, n)));
            }
        } catch (IOException | Failure e) {
            // Either end is gone, and the thread that receives says which.
            return;
        }
    }
}
