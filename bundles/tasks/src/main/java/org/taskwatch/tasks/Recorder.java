// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks;

import org.osgi.annotation.versioning.ProviderType;

/// Lets tools record what the table is made of: all that the active source delivers, and what was read
/// from `/proc` for it. An OSGi service, there while the table is. Safe for all threads.
@ProviderType
public interface Recorder {
    /// Begins a recording, soon.
    ///
    /// @param sink takes it; told of one record at a time, on the pump thread
    /// @return ends the recording when it is closed; a call of the sink may still be going on then
    Recording begin(RecordingSink sink);

    /// A recording that goes on.
    interface Recording extends AutoCloseable {
        /// Ends the recording. May be called again.
        @Override
        void close();
    }
}
