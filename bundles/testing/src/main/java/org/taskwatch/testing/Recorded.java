// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.testing;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What the flight recorder of this JVM is told.
public final class Recorded {
    private Recorded() {}

    /// What a test does meanwhile.
    public interface Action {
        /// Does it.
        ///
        /// @throws Exception if it fails
        void run() throws Exception;
    }

    /// {@return the events of one kind that are told while a test does something, however short they are}
    ///
    /// @param name their name without that of Taskwatch, as `Loss`
    /// @param action what the test does
    /// @throws Exception if that fails
    public static List<RecordedEvent> during(String name, Action action) throws Exception {
        String event = "org.taskwatch." + name;
        Path file = Files.createTempFile("taskwatch-", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable(event).withThreshold(Duration.ZERO);
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(each -> each.getEventType().getName().equals(event))
                    .toList(); // the recorder has some of its own
        } finally {
            Files.delete(file);
        }
    }
}
