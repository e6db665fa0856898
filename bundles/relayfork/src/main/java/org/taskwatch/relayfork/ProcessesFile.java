// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;

import java.util.stream.Collectors;

/// The file with the pids of processes told of forks: writing `123` adds one, `-123` removes it.
@Component
@FilePath(value = "relayfork/processes", mode = 0644)
public final class ProcessesFile implements ControlFile {
    private final RelayFork relayFork;

    /// Makes the file.
    ///
    /// @param relayFork what it shows and steers
    @Activate
    public ProcessesFile(@Reference RelayFork relayFork) {
        this.relayFork = relayFork;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(this::read, this::write);
    }

    private String read() {
        return relayFork.receivers().stream()
                .map(receiver -> receiver.identity().pid() + " ")
                .collect(Collectors.joining("", "", "\n"));
    }

    private void write(String text) throws FileException {
        if (text.startsWith("-")) {
            relayFork.remove(Settings.pid(text.substring(1)));
        } else {
            relayFork.add(Settings.pid(text));
        }
    }
}
