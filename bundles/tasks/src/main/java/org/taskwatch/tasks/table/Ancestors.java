// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

/// Bounds how many ancestors that are gone are kept for the sake of a task.
final class Ancestors {
    /// So many dead ones in a row. A daemon that replaces itself by a child for ever would otherwise keep
    /// all that it ever was.
    static final int MOST_DEAD = 16;

    private Ancestors() {}

    /// Cuts the chain of a task that was just born.
    ///
    /// Only a birth makes a chain longer, and only at its lower end, so here is where to cut. Live
    /// ancestors are in the table anyway; a run of dead ones between them never grows again.
    static void cut(LinuxTask born) {
        LinuxTask ancestor = born.parent();
        if (ancestor == null) {
            return;
        }
        LinuxTask next = ancestor.parent();
        for (int dead = 0; next != null && next.isFreed(); dead++) {
            if (dead == MOST_DEAD) {
                ancestor.forgetParent();
                return;
            }
            ancestor = next;
            next = next.parent();
        }
    }
}
