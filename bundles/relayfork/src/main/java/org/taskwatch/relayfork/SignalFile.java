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

/// The file with the number of the signal.
@Component
@FilePath(value = "relayfork/signal", mode = 0644)
public final class SignalFile implements ControlFile {
    private final RelayFork relayFork;

    /// Makes the file.
    ///
    /// @param relayFork what it shows and steers
    @Activate
    public SignalFile(@Reference RelayFork relayFork) {
        this.relayFork = relayFork;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(
                () -> relayFork.signal() + "\n", text -> relayFork.signal(Settings.signal(text)));
    }
}
