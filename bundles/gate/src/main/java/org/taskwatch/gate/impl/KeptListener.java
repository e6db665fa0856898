// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.gate.keep.Kept;
import org.taskwatch.gate.keep.Ledger;
import org.taskwatch.linux.Keeper;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;
import org.taskwatch.linux.Wakeup;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/// The listener of a kept gate. What an earlier instance has received and not answered is received again, first.
final class KeptListener implements Listener {
    private static final System.Logger LOG = System.getLogger(KeptListener.class.getName());

    private final SeccompListener listener;
    private final Wakeup stop;
    private final Ledger ledger;
    private final Keeper keeper;

    /// What is received again. Of the thread that receives.
    private final Queue<Notification> left = new ArrayDeque<>();

    /// Makes it.
    ///
    /// @param kept the gate, whose parts are closed with this
    /// @param stop as for [KernelListener]
    /// @throws LinuxException if the kernel does not say which calls wait, which it never should
    KeptListener(Kept kept, Wakeup stop) throws LinuxException {
        listener = kept.listener();
        ledger = kept.ledger();
        keeper = kept.keeper();
        this.stop = stop;
        for (Notification call : ledger.calls()) {
            if (listener.isValid(call.id())) {
                left.add(call);
            } else {
                ledger.answered(call.id());
            }
        }
    }

    @Override
    public int await() throws LinuxException {
        return left.isEmpty()
                ? listener.await(stop, -1)
                : listener.await(stop, 0) | SeccompListener.READABLE;
    }

    @Override
    public @Nullable Notification receive() throws LinuxException {
        Notification call = left.poll();
        if (call == null) {
            ByteBuffer slot = ledger.take();
            try {
                call = listener.receive(slot);
            } finally {
                if (call == null) {
                    ledger.giveBack(slot);
                }
            }
        }
        return call;
    }

    @Override
    public boolean proceed(long id) throws LinuxException {
        try {
            return listener.proceed(id);
        } finally {
            ledger.answered(id);
        }
    }

    @Override
    public boolean refuse(long id, int errno) throws LinuxException {
        try {
            return listener.refuse(id, errno);
        } finally {
            ledger.answered(id);
        }
    }

    @Override
    public void ungate() {
        ledger.ungate();
    }

    /// Lets go of the gate. If its tree has ended, nothing is left of it; else it is there for the next instance.
    @Override
    public void close() {
        try {
            if ((listener.await(stop, 0) & SeccompListener.HANG_UP) != 0) {
                keeper.end();
                ledger.delete();
            }
        } catch (LinuxException | IOException e) {
            LOG.log(
                    Level.WARNING,
                    "tidying up after the gate with the keeper "
                            + keeper.pid()
                            + " failed; the next start does it",
                    e);
        } finally {
            listener.close();
            keeper.close();
        }
    }
}
