// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.taskwatch.api.TaskEvent;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Prints what happens in a tree.
///
/// @param stream has the events of the tree, and nothing else
/// @param format how a line looks
/// @param shown the events that are printed
/// @param out takes the lines
record TreePrinter(EventStream stream, EventFormat format, Set<TaskEvent> shown, PrintStream out) {

    /// Prints the header at once, then events, until enough is known, the stream is closed, or nobody
    /// reads.
    ///
    /// @param tree is kept up to date
    /// @param isOver asked after each batch of events
    /// @return false if the stream was closed before enough was known
    /// @throws InterruptedException if the thread is interrupted
    boolean print(Tree tree, BooleanSupplier isOver) throws InterruptedException {
        out.print(format.header());
        out.flush();
        StringBuilder text = new StringBuilder();
        while (!isOver.getAsBoolean() && !out.checkError()) {
            List<StreamItem> items = stream.take();
            if (items.isEmpty()) {
                return false;
            }
            items.forEach(item -> append(text, tree, item));
            out.append(text);
            out.flush();
            text.setLength(0);
        }
        return true;
    }

    private void append(StringBuilder text, Tree tree, StreamItem item) {
        switch (item) {
            case StreamItem.Event(var event, _) -> {
                if (tree.take(event) && shown.contains(event.event())) {
                    format.append(text, event);
                }
            }
            case StreamItem.Missing(var loss) -> {
                tree.take(loss);
                format.append(text, loss);
            }
        }
    }
}
