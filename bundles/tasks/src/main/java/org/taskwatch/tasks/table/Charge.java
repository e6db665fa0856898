// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.tasks.detail.DetailBudget;
import org.taskwatch.tasks.detail.Surroundings;

/// What a user is charged for the details of one task, while the table holds it. For the pump thread only.
final class Charge {
    private final DetailBudget budget;
    private int uid;
    private int bytes;

    /// Makes one of nothing.
    Charge(DetailBudget budget) {
        this.budget = budget;
    }

    /// Charges what the task holds now.
    void update(LinuxTask task) {
        int now = task.isThread() ? ownBytes(task) : task.details().heapBytes();
        int payer = DetailBudget.payer(task.details().credentials());
        if (now != bytes || payer != uid) {
            budget.move(uid, bytes, payer, now);
            uid = payer;
            bytes = now;
        }
    }

    // The parent of a thread is its process.
    private static int ownBytes(LinuxTask thread) {
        Surroundings its = thread.details().surroundings();
        LinuxTask process = thread.parent();
        return process != null && process.details().surroundings() == its ? 0 : its.heapBytes();
    }

    /// Gives all back.
    ///
    /// @return how many bytes that was
    int end() {
        budget.move(uid, bytes, uid, 0);
        return bytes;
    }
}
