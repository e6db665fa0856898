// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.keep;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.taskwatch.linux.SeccompListener;
import org.taskwatch.linux.SeccompListener.Notification;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/// A small file about one kept gate: which gate it is, and which calls were received and are not answered.
///
///     byte 0     16 slots of 80 bytes: a `struct seccomp_notif` each, or zeros
///     byte 1280  1 if nobody is asked any more, as a number of 4 bytes
///     byte 2048  the gate, as text in UTF-8 up to the end, see [KeptGate]
///
/// The slots are mapped, and it is the kernel that writes a call into one, in the system call that receives it (see
/// [SeccompListener#receive(ByteBuffer)]). A process that is killed ends before that or after it: so no call is received
/// that is not here. A slot is cleared after the answer; a process that is killed in between leaves a call there that the
/// kernel no longer knows.
///
/// The file gets its name when it is complete. Numbers have the order of bytes of the machine. Safe for all threads.
public final class Ledger {
    /// How many calls may be received and not answered.
    public static final int SLOTS = 16;

    /// The end of the names of files that are not complete.
    static final String INCOMPLETE = ".new";

    private static final int UNGATED_AT = SLOTS * SeccompListener.NOTIFICATION_BYTES;
    private static final int TEXT_AT = 2048;
    private static final int MOST_BYTES = 64 << 10;
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final KeptGate gate;
    private final MappedByteBuffer memory;
    private final ByteBuffer[] slots = new ByteBuffer[SLOTS];

    /// Which slots have a call, or one is being received into them.
    @GuardedBy("this")
    private final BitSet taken = new BitSet(SLOTS);

    private Ledger(Path file, KeptGate gate, MappedByteBuffer memory) {
        this.file = file;
        this.gate = gate;
        this.memory = memory;
        memory.order(ByteOrder.nativeOrder());
        int size = SeccompListener.NOTIFICATION_BYTES;
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = memory.slice(i * size, size).order(ByteOrder.nativeOrder());
            if (slots[i].getLong(0) == 0) {
                clear(slots[i]); // an earlier process may have been killed in the middle of it
            } else {
                taken.set(i);
            }
        }
    }

    private static void clear(ByteBuffer slot) {
        slot.put(0, new byte[SeccompListener.NOTIFICATION_BYTES]);
    }

    /// {@return a new one, without calls}
    ///
    /// @param file where; what is there is replaced
    /// @param gate the gate
    /// @throws IOException if it can't be written: a full disk is found here, not later
    static Ledger create(Path file, KeptGate gate) throws IOException {
        Path incomplete = file.resolveSibling(file.getFileName() + INCOMPLETE);
        ByteBuffer content = ByteBuffer.allocate(MOST_BYTES);
        content.position(TEXT_AT).put(gate.text().getBytes(StandardCharsets.UTF_8)).flip();
        Files.deleteIfExists(incomplete);
        Set<StandardOpenOption> options =
                Set.of(
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(incomplete, options, OWNER_ONLY)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            MappedByteBuffer memory = map(channel);
            Files.move(incomplete, file, StandardCopyOption.ATOMIC_MOVE);
            return new Ledger(file, gate, memory);
        } finally {
            Files.deleteIfExists(incomplete);
        }
    }

    /// {@return that of an earlier process}
    ///
    /// @param file where it is
    /// @throws IOException if it can't be read
    /// @throws IllegalArgumentException if it is something else, or damaged
    static Ledger open(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long size = channel.size();
            if (size < TEXT_AT || size > MOST_BYTES) {
                throw new IllegalArgumentException("it has " + size + " bytes");
            }
            ByteBuffer content = ByteBuffer.allocate((int) size - TEXT_AT);
            while (content.hasRemaining()
                    && channel.read(content, TEXT_AT + content.position()) >= 0) {
                // until all is there
            }
            String text = StandardCharsets.UTF_8.decode(content.flip()).toString();
            return new Ledger(file, KeptGate.parse(text), map(channel));
        }
    }

    private static MappedByteBuffer map(FileChannel channel) throws IOException {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, TEXT_AT);
    }

    /// {@return the gate}
    public KeptGate gate() {
        return gate;
    }

    /// {@return the calls that were received and are not answered} If an earlier process has received them, it may have
    /// answered them in its last moment.
    public synchronized List<Notification> calls() {
        List<Notification> calls = new ArrayList<>();
        for (int i = taken.nextSetBit(0); i >= 0; i = taken.nextSetBit(i + 1)) {
            Notification call = SeccompListener.read(slots[i]);
            if (call != null) { // else it is being received
                calls.add(call);
            }
        }
        return calls;
    }

    /// {@return a slot of zeros to receive a call into}
    ///
    /// @throws IllegalStateException if all are in use
    public synchronized ByteBuffer take() {
        int free = taken.nextClearBit(0);
        if (free == SLOTS) {
            throw new IllegalStateException("more calls than " + SLOTS + " are not answered");
        }
        taken.set(free);
        return slots[free];
    }

    /// Gives a slot back that no call was received into.
    ///
    /// @param slot what [#take] has given
    public synchronized void giveBack(ByteBuffer slot) {
        for (int i = 0; i < SLOTS; i++) {
            if (slots[i] == slot) {
                taken.clear(i);
            }
        }
    }

    /// A call was answered: its slot may be taken again.
    ///
    /// @param id its id
    public synchronized void answered(long id) {
        for (int i = taken.nextSetBit(0); i >= 0; i = taken.nextSetBit(i + 1)) {
            if (slots[i].getLong(0) == id) {
                slots[i].putLong(0, 0); // alone it says that the slot is empty
                VarHandle.storeStoreFence();
                clear(slots[i]);
                taken.clear(i);
                return;
            }
        }
    }

    /// {@return whether nobody is asked any more}
    public boolean isUngated() {
        return memory.getInt(UNGATED_AT) != 0;
    }

    /// From now on nobody is asked any more, by later processes either.
    public void ungate() {
        memory.putInt(UNGATED_AT, 1);
    }

    /// Removes the file, as the gate has ended.
    ///
    /// @throws IOException if that fails; a later instance finds then that the keeper has ended
    public void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
