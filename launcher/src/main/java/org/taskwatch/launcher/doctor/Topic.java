// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.LinuxException;

import java.io.IOException;

/// One thing that the doctor looks at.
interface Topic {
    /// What an instance has of it.
    enum Role {
        /// Without it no instance can watch.
        NEEDED,

        /// A source of events; there is always another one.
        SOURCE,

        /// Without it an instance does less.
        EXTRA
    }

    /// {@return what it is called, one word}
    String name();

    /// {@return what an instance has of it}
    Role role();

    /// Looks at it. What is opened for that is closed again, and nothing of the machine is changed.
    ///
    /// @return what was found
    /// @throws IOException if a file can't be read that should be there
    /// @throws LinuxException if the kernel refuses what it should not
    Finding examine() throws IOException, LinuxException;
}
