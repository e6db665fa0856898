// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.TextFile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The answers that need names only, as the kernel reads them.
public class LookupsTest {
    private static final int FILES = 100;
    private static final int S_IFREG = 0100000;
    private static final int S_IFDIR = 0040000;

    private final Tree tree = tree();
    private final Lookups lookups = new Lookups(() -> tree, 7, 8);

    private static Tree tree() {
        List<Contribution> files = new ArrayList<>();
        AtomicLong numbers = new AtomicLong(Node.FIRST);
        for (int i = 0; i < FILES; i++) {
            files.add(
                    new Contribution(
                            numbers.getAndIncrement(),
                            "file" + i,
                            FilePath.READABLE,
                            _ -> new TextFile(() -> "")));
        }
        return new Tree(new Tree(), files, numbers::getAndIncrement);
    }

    private ByteBuffer ask(int opcode, long node, ByteBuffer body) throws Exception {
        return lookups.answer(new Request(opcode, 1, node, new Client(1, 0, 0), body));
    }

    private static ByteBuffer name(String name) {
        return ByteBuffer.wrap((name + "\0").getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer readdir(long offset, int size) {
        return Answers.body(40).putLong(8, offset).putInt(16, size);
    }

    @Test
    public void shouldFindAFileWithItsModeAndOwner() throws Exception {
        ByteBuffer entry = ask(Opcode.LOOKUP, Node.ROOT, name("file1"));

        assertThat(entry.getLong(0)).isEqualTo(Node.FIRST + 1);
        assertThat(entry.getInt(40 + 60)).isEqualTo(S_IFREG | 0444);
        assertThat(entry.getInt(40 + 68)).isEqualTo(7);
        assertThat(entry.getInt(40 + 72)).isEqualTo(8);
        assertThat(ask(Opcode.GETATTR, Node.ROOT, Answers.DONE).getInt(16 + 60))
                .isEqualTo(S_IFDIR | 0555);
    }

    @Test
    public void shouldNotFindWhatIsNotThere() {
        assertThatThrownBy(() -> ask(Opcode.LOOKUP, Node.ROOT, name("none")))
                .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> ask(Opcode.LOOKUP, Node.FIRST, name("file1")))
                .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> ask(Opcode.GETATTR, 12345, Answers.DONE))
                .hasMessageContaining("ENOENT");
    }

    @Test
    public void shouldListEachNameOnceInParts() throws Exception {
        List<String> listed = new ArrayList<>();
        long offset = 0;
        for (ByteBuffer part = ask(Opcode.READDIR, Node.ROOT, readdir(offset, 200));
                part.hasRemaining();
                part = ask(Opcode.READDIR, Node.ROOT, readdir(offset, 200))) {
            while (part.hasRemaining()) {
                int start = part.position();
                offset = part.getLong(start + 8);
                byte[] name = new byte[part.getInt(start + 16)];
                part.get(start + 24, name);
                listed.add(new String(name, StandardCharsets.UTF_8));
                part.position(start + ((24 + name.length + 7) & -8));
            }
        }
        assertThat(listed).hasSize(FILES + 2).doesNotHaveDuplicates().contains(".", "..", "file99");
    }

    @Test
    public void shouldRefuseToMakeOrChangeFilesButEmptyThemBeforeAWrite() throws Exception {
        assertThatThrownBy(() -> ask(Opcode.UNLINK, Node.ROOT, name("file1")))
                .hasMessageContaining("EPERM");
        assertThatThrownBy(() -> ask(Opcode.SETATTR, Node.FIRST, Answers.body(88).putInt(0, 1)))
                .hasMessageContaining("EPERM");
        assertThat(ask(Opcode.SETATTR, Node.FIRST, Answers.body(88).putInt(0, 8)).capacity())
                .isEqualTo(104);
        assertThatThrownBy(() -> ask(99, Node.ROOT, Answers.DONE)).hasMessageContaining("ENOSYS");
    }
}
