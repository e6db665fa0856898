// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.top;

import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.taskwatch.shell.Outlet;

import java.io.IOException;
import java.util.List;

/// The whole terminal, drawn again in place once a second. The terminal is as it was when this is
/// closed. For one thread.
final class Screen implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1000;
    private static final int CTRL_C = 3;

    private final Terminal terminal;
    private final Outlet outlet;
    private final Attributes before;
    private final Display display;
    private Size size = new Size();

    /// Takes the terminal.
    ///
    /// @param terminal the terminal
    /// @param outlet says how lines are shown there
    Screen(Terminal terminal, Outlet outlet) {
        this.terminal = terminal;
        this.outlet = outlet;
        before = terminal.enterRawMode();
        Attributes keys = terminal.getAttributes();
        // Ctrl-C comes as a key, and ends the view in order.
        keys.setLocalFlag(LocalFlag.ISIG, false);
        terminal.setAttributes(keys);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        display = new Display(terminal, true);
    }

    /// Shows an activity until `q` or Ctrl-C is typed or the terminal is gone.
    ///
    /// @param activity what to show
    /// @throws IOException if the terminal fails, or the thread is interrupted
    void show(Activity activity) throws IOException {
        int key;
        do {
            draw(activity);
            key = terminal.reader().read(PERIOD_MILLIS);
        } while (key != 'q' && key != CTRL_C && key != NonBlockingReader.EOF);
    }

    private void draw(Activity activity) {
        Size now = terminal.getSize();
        if (now.getRows() < 1 || now.getColumns() < 1) {
            return; // no room for anything: a window that is being made
        }
        if (!now.equals(size)) {
            size = now;
            display.resize(size.getRows(), size.getColumns());
            display.clear();
        }
        List<AttributedString> lines =
                ViewText.lines(activity.view(), size.getRows(), outlet.style()).stream()
                        .map(AttributedString::fromAnsi)
                        .map(line -> line.columnSubSequence(0, size.getColumns()))
                        .toList();
        display.update(lines, -1);
    }

    @Override
    public void close() {
        terminal.puts(Capability.cursor_visible);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(before);
        terminal.flush();
    }
}
