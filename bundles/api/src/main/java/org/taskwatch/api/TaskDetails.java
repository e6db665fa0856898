// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;

/// What is known of a task at one moment. Immutable, safe for all threads.
///
/// A new process has the details of the task that forked it; a new thread those of its process. An
/// exec replaces name, executable and command line.
@ProviderType
public interface TaskDetails {
    /// {@return the name of the task, at most 15 bytes, as `/proc/TID/comm`}
    Detail<String> comm();

    /// {@return the user and group ids}
    Detail<Credentials> credentials();

    /// {@return the path of the executable, as `/proc/PID/exe`, with the kernel's suffix
    /// ` (deleted)` if the file is gone}
    Detail<String> executable();

    /// {@return the arguments, the program's name first, as `/proc/PID/cmdline`}
    Detail<List<String>> commandLine();
}
