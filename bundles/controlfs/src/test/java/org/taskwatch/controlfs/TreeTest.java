// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.TextFile;
import org.taskwatch.controlfs.Node.Folder;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// The names, as files come and go.
public class TreeTest {
    private final AtomicLong numbers = new AtomicLong(Node.FIRST);
    private Tree tree = new Tree();

    private Contribution file(String path) {
        return new Contribution(
                numbers.getAndIncrement(), path, FilePath.READABLE, _ -> new TextFile(() -> path));
    }

    private void become(Contribution... files) {
        tree = new Tree(tree, Arrays.asList(files), numbers::getAndIncrement);
    }

    private Folder folder(long id) {
        return (Folder) Objects.requireNonNull(tree.node(id));
    }

    private Node child(String name) {
        return Objects.requireNonNull(folder(Node.ROOT).children().get(name));
    }

    private static List<String> names(Folder folder, long behind) {
        return Tree.list(folder, behind).stream().map(Map.Entry::getKey).toList();
    }

    @Test
    public void shouldMakeDirectoriesForWhatIsInThemAndNoLonger() {
        Contribution signal = file("relayfork/signal");
        become(signal, file("rates"));
        assertThat(names(folder(Node.ROOT), 0)).containsExactlyInAnyOrder("relayfork", "rates");
        Node relayfork = child("relayfork");
        assertThat(names((Folder) relayfork, 0)).containsExactly("signal");
        assertThat(tree.node(signal.id())).isEqualTo(new Node.File(signal));

        become();

        assertThat(names(folder(Node.ROOT), 0)).isEmpty();
        assertThat(tree.node(relayfork.id())).isNull();
        assertThat(tree.node(signal.id())).isNull();
    }

    @Test
    public void shouldKeepTheNumberOfADirectoryWhileItIsThere() {
        Contribution signal = file("relayfork/signal");
        become(signal);
        Node before = child("relayfork");

        become(file("relayfork/processes"), signal);

        assertThat(child("relayfork").id()).isEqualTo(before.id());
    }

    @Test
    public void shouldPreferTheFirstOfTwoFilesWithOnePath() {
        Contribution first = file("rates");
        Contribution second = file("rates");
        become(first, second);
        assertThat(child("rates").id()).isEqualTo(first.id());
        assertThat(tree.hides(first)).isFalse();
        assertThat(tree.hides(second)).isTrue();

        become(second);

        assertThat(child("rates").id()).isEqualTo(second.id());
    }

    @Test
    public void shouldHideWhatNeedsADirectoryWhereAFileIs() {
        Contribution file = file("a/b");
        Contribution below = file("a/b/c");
        Contribution above = file("a");
        become(file, below, above);

        assertThat(tree.hides(file)).isFalse();
        assertThat(tree.hides(below)).isTrue();
        assertThat(tree.hides(above)).isTrue();
    }

    @Test
    public void shouldListOnBehindWhatWasListedWhateverCameBetween() {
        Contribution first = file("first");
        Contribution second = file("second");
        become(first, second);
        assertThat(names(folder(Node.ROOT), first.id())).containsExactly("second");

        become(second, file("third"));

        assertThat(names(folder(Node.ROOT), first.id())).containsExactly("second", "third");
    }
}
