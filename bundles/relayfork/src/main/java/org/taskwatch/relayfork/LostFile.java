// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;

import java.util.stream.Collectors;

/// The file with a line `PID COUNT` for each receiver that has missed forks.
@Component
@FilePath("relayfork/lost")
public final class LostFile implements ControlFile {
    private final RelayFork relayFork;

    /// Makes the file.
    ///
    /// @param relayFork what it shows
    @Activate
    public LostFile(@Reference RelayFork relayFork) {
        this.relayFork = relayFork;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(this::read);
    }

    private String read() {
        return relayFork.receivers().stream()
                .filter(receiver -> receiver.missed() > 0)
                .map(receiver -> receiver.identity().pid() + " " + receiver.missed() + "\n")
                .collect(Collectors.joining());
    }
}
