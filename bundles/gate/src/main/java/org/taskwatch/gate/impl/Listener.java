// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import org.jspecify.annotations.Nullable;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;

/// The kernel's end of a gate: a [SeccompListener], whose threads, answers and errors are meant by the methods of the
/// same names.
interface Listener extends AutoCloseable {
    /// Waits until somebody waits to be received, or nobody can any more, or the server stops.
    int await() throws LinuxException;

    @Nullable Notification receive() throws LinuxException;

    boolean proceed(long id) throws LinuxException;

    boolean refuse(long id, int errno) throws LinuxException;

    /// Nobody is asked any more, by later instances either, if there is anything that outlives this one.
    default void ungate() {}

    @Override
    void close();
}
