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
import org.taskwatch.api.tool.Modules;

/// The file that shows what `task:watchers` prints.
@Component
@FilePath("watchers")
public final class WatchersFile implements ControlFile {
    private final Modules modules;

    /// Makes the file.
    ///
    /// @param modules what it shows
    @Activate
    public WatchersFile(@Reference Modules modules) {
        this.modules = modules;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(() -> WatcherTable.of(modules).toString());
    }
}
