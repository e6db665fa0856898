// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.jspecify.annotations.Nullable;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.process.Signals;
import org.taskwatch.launcher.process.TerminalOutput;

/// Keeps an instance told how the output of a session is shown, until it is closed: at once, and
/// whenever the window of the terminal is resized. Tells nothing where there is no terminal.
final class Window implements AutoCloseable {
    private final @Nullable Signals resizes;

    /// Tells it the first time.
    ///
    /// @param client a new session
    /// @param output where its output goes
    /// @throws Failure if the instance is gone
    Window(ControlClient client, TerminalOutput output) {
        resizes = output.isDevice() ? Signals.handle("WINCH", () -> resized(client, output)) : null;
        show(client, output);
    }

    /// One at a time: what was asked for later is told later.
    private synchronized void show(ControlClient client, TerminalOutput output) {
        client.show(output.style());
    }

    private void resized(ControlClient client, TerminalOutput output) {
        try {
            show(client, output);
        } catch (Failure e) {
            return; // the session has ended meanwhile
        }
    }

    @Override
    public void close() {
        if (resizes != null) {
            resizes.close();
        }
    }
}
