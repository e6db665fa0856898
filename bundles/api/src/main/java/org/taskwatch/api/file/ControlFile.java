// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

import org.osgi.annotation.versioning.ConsumerType;

/// A file of the control file system: a service whose property [FilePath#FILE_PATH], by the annotation
/// [FilePath], says where it is.
///
/// It is there as long as the service is. When the service goes, what is open of it is closed and its
/// clients get ENODEV; the unregistration, and so the stopping of the bundle, returns when no thread is
/// inside any more and none will enter. Calls that wait then are interrupted.
///
/// **Threads.** Each call of a client runs on a thread of its own, several at a time. But an [#open]
/// begins only when every [OpenFile#close] has returned that was due before: a client that closes the
/// file and opens it again finds nothing left of what it had. A close that hangs so holds up who opens
/// this file from then on.
@ConsumerType
@FunctionalInterface
public interface ControlFile {
    /// Opens the file. Who may is decided before, by [FilePath#mode].
    ///
    /// @param client who opens it
    /// @return the open file, which [OpenFile#close] ends
    /// @throws FileException what the client's `open(2)` fails with
    OpenFile open(Client client) throws FileException;
}
