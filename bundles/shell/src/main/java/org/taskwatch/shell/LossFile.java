// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;

/// The file that shows where events were lost, as `task:sources` does.
@Component
@FilePath("loss")
public final class LossFile implements ControlFile {
    private final CounterBoard board;

    /// Makes the file.
    ///
    /// @param board has the losses
    @Activate
    public LossFile(@Reference CounterBoard board) {
        this.board = board;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(() -> LossTable.of(board).toString());
    }
}
