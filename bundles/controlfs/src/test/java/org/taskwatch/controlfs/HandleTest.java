// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.TextFile;

import java.util.ArrayList;
import java.util.List;

/// Who is woken when an open file changes.
public class HandleTest {
    private final TextFile text = new TextFile(() -> "");
    private final Contribution file =
            new Contribution(Node.FIRST, "file", FilePath.READABLE, _ -> text);
    private final Handle handle = new Handle(1, file, text, false, 1000);
    private final List<String> woken = new ArrayList<>();

    @Test
    public void shouldWakeTheClientThatPolledLastOnce() {
        handle.wake(); // there is none
        handle.poll(() -> woken.add("first"));
        handle.poll(() -> woken.add("second"));

        handle.wake();
        handle.wake();

        assertThat(woken).containsExactly("second");
    }

    @Test
    public void shouldWakeAgainAClientThatPollsAgainAsItIsWoken() {
        handle.poll(() -> {
            woken.add("first");
            handle.poll(() -> woken.add("again"));
        });

        handle.wake();
        assertThat(woken).containsExactly("first");
        handle.wake();

        assertThat(woken).containsExactly("first", "again");
    }
}
