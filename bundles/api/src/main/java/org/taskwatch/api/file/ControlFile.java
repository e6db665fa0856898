// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.file;

import org.osgi.annotation.versioning.ConsumerType;

/// A file of the control file system: a service whose property [FilePath#FILE_PATH], by the annotation
/// [FilePath], says where it is.
///
/// It is there as long as the service is. When the service goes, its open files are closed and
/// their clients get ENODEV; the unregistration, and so the stopping of the bundle, returns when no
/// thread is inside any more and none will enter. Calls that are waiting then are interrupted.
///
/// **Threads.** Each client call runs on a thread of its own, several at a time. But an [#open]
/// begins only when every [OpenFile#close] that was due before it has returned: a client that
/// closes the file and opens it again finds nothing left of what it had. So a close that hangs
/// holds up every later open of this file.
@ConsumerType
@FunctionalInterface
public interface ControlFile {
    /// Opens the file. [FilePath#mode] has already decided whether the client may.
    ///
    /// @param client the task that opens it
    /// @return the open file, which [OpenFile#close] ends
    /// @throws FileException what the client's `open(2)` fails with
    OpenFile open(Client client) throws FileException;
}
