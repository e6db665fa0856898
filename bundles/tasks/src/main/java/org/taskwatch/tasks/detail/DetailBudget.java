// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.HashMap;
import java.util.Map;

/// How many bytes of details the table keeps, for each user and of all. For the pump thread, except
/// [#limits(DetailLimits)].
///
/// A task is charged to its real user when it comes into the table, again whenever its details are
/// replaced, and given back when it goes. Once a user has used up his budget, or all users together
/// theirs, of each text that is read for him from then on only some bytes are kept; what is kept already
/// stays. What a fork shares with its forker counts for each of them. A thread shares the program of its
/// process, and what is around that too until one of the two has been read anew: what it shares does
/// not count for it.
public final class DetailBudget {
    /// How many bytes are kept of each text beyond the budget.
    static final int SHORT_BYTES = 256;

    /// Stands for the user of a task whose ids are not known; no user has it.
    private static final int NOBODY_KNOWN = -1;

    private final Map<Integer, Use> byUser = new HashMap<>();
    private long total;

    /// What the tasks of one user hold.
    private static final class Use {
        long bytes;
    }

    // Written when the configuration changes, read by the pump.
    private volatile DetailLimits limits = DetailLimits.DEFAULT;

    /// Makes one with the limits of [DetailLimits#DEFAULT], of which nothing is used.
    public DetailBudget() {}

    /// Sets the limits; they hold for what is read from now on.
    ///
    /// @param next the limits
    public void limits(DetailLimits next) {
        limits = next;
    }

    /// {@return how many bytes of arguments may be kept of a process of a user}
    ///
    /// @param ids of the process
    int argumentsLimit(Detail<Credentials> ids) {
        return hasRoom(ids) ? limits.arguments() : SHORT_BYTES;
    }

    /// {@return how many bytes of a path may be kept of a task of a user}
    ///
    /// @param ids of the task
    public int pathLimit(Detail<Credentials> ids) {
        return hasRoom(ids) ? ProcFs.PATH_LIMIT : SHORT_BYTES;
    }

    private boolean hasRoom(Detail<Credentials> ids) {
        DetailLimits now = limits;
        return total < now.total() && used(payer(ids)) < now.perUser();
    }

    /// {@return how many bytes the tasks of a user hold}
    ///
    /// @param uid the user
    public long used(int uid) {
        Use use = byUser.get(uid);
        return use == null ? 0 : use.bytes;
    }

    /// {@return how many bytes the tasks of all users hold}
    public long used() {
        return total;
    }

    /// Charges a user for what another was charged for, or the same user for more or less.
    ///
    /// @param before who was charged
    /// @param bytesBefore for how many bytes, 0 for nobody
    /// @param payer who is from now on, see [#payer]
    /// @param bytes for how many, 0 to give back what was charged
    public void move(int before, int bytesBefore, int payer, int bytes) {
        if (before == payer) {
            add(payer, bytes - bytesBefore);
        } else {
            add(before, -bytesBefore);
            add(payer, bytes);
        }
    }

    private void add(int uid, int bytes) {
        if (bytes == 0) {
            return;
        }
        total += bytes;
        Use use = byUser.computeIfAbsent(uid, _ -> new Use());
        use.bytes += bytes;
        if (use.bytes == 0) {
            byUser.remove(uid);
        }
    }

    /// {@return who is charged for a task with these ids}
    ///
    /// @param ids of the task
    public static int payer(Detail<Credentials> ids) {
        return ids instanceof Detail.Known<Credentials>(Credentials known)
                ? known.realUid()
                : NOBODY_KNOWN; // they are never cut
    }
}
