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
import org.taskwatch.shell.stream.EventStreams;
import org.taskwatch.tasks.Sources;

/// The file that shows where events were lost, as `task:sources` does.
@Component
@FilePath("loss")
public final class LossFile implements ControlFile {
    private final Sources sources;
    private final Modules modules;
    private final EventStreams streams;

    /// Makes the file.
    ///
    /// @param sources the sources of events
    /// @param modules the modules that events go to
    /// @param streams the readers of events
    @Activate
    public LossFile(
            @Reference Sources sources,
            @Reference Modules modules,
            @Reference EventStreams streams) {
        this.sources = sources;
        this.modules = modules;
        this.streams = streams;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(() -> LossTable.of(sources, modules, streams).toString());
    }
}
