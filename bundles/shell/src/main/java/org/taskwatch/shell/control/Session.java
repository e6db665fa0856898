// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.taskwatch.control.Frame;

import java.io.Closeable;
import java.io.IOException;

/// What a client has asked for with its first frame.
interface Session extends Closeable {
    /// Does it. Called once, by the thread of the session.
    ///
    /// @return the exit status
    int run();

    /// Takes a further frame. Called by the thread that reads from the client.
    ///
    /// @param frame the frame
    /// @throws IOException if it makes no sense here, or the session has ended
    void receive(Frame frame) throws IOException;

    /// Interrupts what [#run] does, so that it returns soon. Called by any thread, also before [#run]
    /// and after it.
    @Override
    void close();
}
