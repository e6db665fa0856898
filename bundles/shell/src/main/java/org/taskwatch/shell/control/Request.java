// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.control;

import org.jspecify.annotations.Nullable;
import org.taskwatch.control.Frame;
import org.taskwatch.control.Style;

import java.io.IOException;
import java.net.ProtocolException;

/// What a client wants.
///
/// @param style how the output is shown
/// @param first the frame that says what is to be done
record Request(Style style, Frame first) {
    /// {@return what the next frames say, null if the client has closed the connection}
    ///
    /// @param connection the connection of a new client
    /// @throws ProtocolException if they make no sense
    /// @throws IOException if reading fails
    static @Nullable Request read(Connection connection) throws IOException {
        Style style = Style.PLAIN;
        Frame frame = connection.read();
        while (frame != null && frame.type() == Frame.STYLE) { // resized meanwhile
            style = Style.parse(frame.text());
            frame = connection.read();
        }
        return frame == null ? null : new Request(style, frame);
    }
}
