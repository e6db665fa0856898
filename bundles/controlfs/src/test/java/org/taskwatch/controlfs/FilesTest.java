// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.controlfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.Test;
import org.taskwatch.api.Errno;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.file.OpenFile;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the kernel's requests become in a bundle, and what its answers become for the kernel.
public class FilesTest {
    private static final Client CLIENT = new Client(7, 1000, 100);
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int POLLIN = 0x41;
    private static final int POLLOUT = 0x104;
    private static final int POLLERR_HUP = 0x18;

    private final Bundle bundle = new Bundle();
    private final List<ByteBuffer> sent = new ArrayList<>();
    private Contribution file = contribution(0666);
    private Tree tree = tree();
    private final Files files = new Files(() -> tree, sent::add);

    /// The open file of a bundle: notes what it is asked for.
    private static final class Bundle implements OpenFile {
        private final List<String> asked = new ArrayList<>();
        private String text = "";
        private boolean isStream;
        private boolean isReadable = true;
        private Runnable wake = () -> {};

        @Override
        public boolean isStream() {
            return isStream;
        }

        @Override
        public ByteBuffer read(long offset, int size, boolean wait) {
            asked.add("read " + offset + " " + size + (wait ? " wait" : ""));
            byte[] bytes = text.getBytes(UTF_8);
            int from = (int) Math.min(offset, bytes.length);
            return ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from));
        }

        @Override
        public void write(ByteBuffer data) throws FileException {
            asked.add("write " + UTF_8.decode(data));
            if (text.equals("full")) {
                throw new FileException(Errno.ENOSPC, "full");
            }
        }

        @Override
        public int ioctl(Client client, int command, ByteBuffer argument) {
            asked.add("ioctl %s %#x %d".formatted(client, command, argument.getInt(0)));
            return 5;
        }

        @Override
        public boolean isReadable(Runnable waker) {
            wake = waker;
            return isReadable;
        }

        @Override
        public void close() {
            asked.add("close");
        }
    }

    private Contribution contribution(int mode) {
        return new Contribution(Node.FIRST, "file", mode, _ -> bundle);
    }

    private Tree tree() {
        return new Tree(new Tree(), List.of(file), () -> 99);
    }

    private ByteBuffer ask(int opcode, ByteBuffer body) throws FileException {
        Request request = new Request(opcode, 1, Node.FIRST, CLIENT, body);
        Contribution asked = files.file(request);
        return files.answer(asked, request, new Call("test", 0, _ -> {}));
    }

    private ByteBuffer openFor(int flags) throws FileException {
        return ask(Opcode.OPEN, Answers.body(8).putInt(0, flags));
    }

    private long open() throws FileException {
        return openFor(O_RDWR).getLong(0);
    }

    private static ByteBuffer io(long handle, long offset, int size, int flags) {
        ByteBuffer body = Answers.body(40 + size);
        return body.putLong(0, handle).putLong(8, offset).putInt(16, size).putInt(32, flags);
    }

    private ByteBuffer read(long handle, long offset, int size) throws FileException {
        return ask(Opcode.READ, io(handle, offset, size, 0));
    }

    private int poll(long handle, int flags) throws FileException {
        ByteBuffer body = Answers.body(24).putLong(0, handle).putLong(8, 77).putInt(16, flags);
        return ask(Opcode.POLL, body).getInt(0);
    }

    @Test
    public void shouldOpenOnlyAsTheModeOfTheFileSaysEvenForRoot() throws Exception {
        file = contribution(0444);
        tree = tree();
        assertThat(openFor(0).getLong(0)).isPositive();
        assertThatThrownBy(() -> openFor(O_RDWR)).hasMessageContaining("EACCES");
        assertThatThrownBy(() -> openFor(O_WRONLY)).hasMessageContaining("EACCES");
        file = contribution(0222);
        tree = tree();
        assertThat(openFor(O_WRONLY).getLong(0)).isPositive();
        assertThatThrownBy(() -> openFor(0)).hasMessageContaining("EACCES");
        assertThatThrownBy(() -> openFor(O_RDWR)).hasMessageContaining("EACCES");
    }

    @Test
    public void shouldGiveEachOpenANumberAndSayWhetherItIsAStream() throws Exception {
        ByteBuffer first = openFor(0);
        bundle.isStream = true;
        ByteBuffer second = openFor(0);

        assertThat(first.getLong(0)).isNotEqualTo(second.getLong(0));
        assertThat(first.getInt(8)).as("FOPEN_DIRECT_IO").isEqualTo(1);
        assertThat(second.getInt(8)).as("and NONSEEKABLE, STREAM").isEqualTo(1 | 4 | 16);
    }

    @Test
    public void shouldFindNeitherAFileThatHasGoneNorAHandleThatIsClosed() throws Exception {
        long handle = open();
        tree = new Tree();
        assertThatThrownBy(this::open).hasMessageContaining("ENOENT");
        read(handle, 0, 10); // is still open

        files.release(handle);
        files.release(handle);

        assertThatThrownBy(() -> read(handle, 0, 10)).hasMessageContaining("EBADF");
        await().untilAsserted(() -> assertThat(bundle.asked).containsOnlyOnce("close"));
    }

    @Test
    public void shouldReadWhatIsAskedForAndWaitOnlyIfTheClientDoes() throws Exception {
        bundle.text = "abcdef";
        long handle = open();

        assertThat(UTF_8.decode(read(handle, 2, 3)).toString()).isEqualTo("cde");
        ask(Opcode.READ, io(handle, 0, 4, O_NONBLOCK));

        assertThat(bundle.asked).containsExactly("read 2 3 wait", "read 0 4");
    }

    @Test
    public void shouldKnowTheSizeOfAFileOnceItsEndWasRead() throws Exception {
        bundle.text = "abcdef";
        long handle = open();
        read(handle, 0, 6);
        read(handle, 9, 6);
        assertThat(file.size()).as("there could be more, and there is nothing").isZero();

        read(handle, 4, 6);
        assertThat(file.size()).isEqualTo(6);

        bundle.text = "";
        read(handle, 0, 6);
        assertThat(file.size()).isZero();
    }

    @Test
    public void shouldGiveAStreamNoSize() throws Exception {
        bundle.text = "abc";
        bundle.isStream = true;

        read(open(), 0, 10);

        assertThat(file.size()).isZero();
    }

    @Test
    public void shouldWriteTheDataAndAnswerHowMuchThatWas() throws Exception {
        long handle = open();
        ByteBuffer body = io(handle, 0, 5, 0).put(40, "hello".getBytes(UTF_8));

        assertThat(ask(Opcode.WRITE, body).getInt(0)).isEqualTo(5);
        assertThat(bundle.asked).containsExactly("write hello");
        bundle.text = "full";
        assertThatThrownBy(() -> ask(Opcode.WRITE, body)).hasMessage("ENOSPC: full");
    }

    private ByteBuffer ioctl(long handle, int command) throws FileException {
        ByteBuffer body = Answers.body(36).putLong(0, handle).putInt(12, command);
        return ask(Opcode.IOCTL, body.putInt(24, 4).putInt(32, 123));
    }

    @Test
    public void shouldHandCommandsOnWithWhoSendsThem() throws Exception {
        long handle = open();

        ByteBuffer answer = ioctl(handle, 0x40046b01); // _IOW('k', 1, int)

        assertThat(answer.remaining()).isEqualTo(16);
        assertThat(answer.getInt(0)).isEqualTo(5);
        assertThat(bundle.asked).containsExactly("ioctl " + CLIENT + " 0x40046b01 123");
    }

    @Test
    public void shouldRefuseCommandsThatWouldGiveData() throws Exception {
        long handle = open();

        assertThatThrownBy(() -> ioctl(handle, 0x80046b01)).hasMessageContaining("ENOTTY");
        assertThat(bundle.asked).isEmpty();
    }

    @Test
    public void shouldTellAPollingClientWhatItCanDoAndWakeItOnce() throws Exception {
        long handle = open();
        assertThat(poll(handle, 0)).isEqualTo(POLLIN | POLLOUT);
        bundle.isReadable = false;

        assertThat(poll(handle, 1)).isEqualTo(POLLOUT);
        bundle.wake.run();
        bundle.wake.run();

        assertThat(sent).containsExactly(Answers.wake(77));
    }

    @Test
    public void shouldNotWakeAClientThatDoesNotWait() throws Exception {
        long handle = open();
        bundle.isReadable = false;

        poll(handle, 0);
        bundle.wake.run();

        assertThat(sent).isEmpty();
    }

    @Test
    public void shouldTellAPollingClientThatTheFileHasGone() throws Exception {
        long handle = open();
        poll(handle, 1);

        file.leave(Duration.ZERO);

        assertThat(sent).containsExactly(Answers.wake(77));
        assertThat(poll(handle, 1)).isEqualTo(POLLERR_HUP);
        assertThatThrownBy(() -> read(handle, 0, 1)).hasMessageContaining("ENODEV");
    }
}
