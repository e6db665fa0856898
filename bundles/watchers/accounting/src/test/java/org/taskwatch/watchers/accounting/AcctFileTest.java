// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.watchers.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

public class AcctFileTest {
    private static final int BYTES = AcctRecord.BYTES;

    @Rule public TemporaryFolder temporary = new TemporaryFolder();

    private Path path() {
        return temporary.getRoot().toPath().resolve("pacct");
    }

    private AcctFile file(long mostRecords) {
        return new AcctFile(path(), mostRecords * BYTES, 2);
    }

    /// {@return records of which each is full of its number}
    private static ByteBuffer records(int first, int count) {
        ByteBuffer records = ByteBuffer.allocate(count * BYTES);
        for (int i = 0; i < records.capacity(); i++) {
            records.put(i, (byte) (first + i / BYTES));
        }
        return records;
    }

    private static byte[] bytes(int first, int count) {
        return records(first, count).array();
    }

    @Test
    public void shouldAppendToAFileOfItsOwnerAlone() throws Exception {
        file(100).append(records(1, 2));
        file(100).append(records(3, 1));

        assertThat(path()).hasBinaryContent(bytes(1, 3));
        assertThat(Files.getPosixFilePermissions(path()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    public void shouldBeginNewFilesAndLoseNoRecordButThoseOfTheOldest() throws Exception {
        AcctFile file = file(3);
        file.append(records(1, 2));
        file.append(records(3, 5));

        assertThat(path()).hasBinaryContent(bytes(7, 1));
        assertThat(Path.of(path() + ".1")).hasBinaryContent(bytes(4, 3));
        assertThat(Path.of(path() + ".2")).hasBinaryContent(bytes(1, 3));
        file.append(records(8, 3));
        assertThat(path()).hasBinaryContent(bytes(10, 1));
        assertThat(Path.of(path() + ".2")).hasBinaryContent(bytes(4, 3));
        assertThat(Path.of(path() + ".3")).doesNotExist();
    }

    @Test
    public void shouldHoldARecordInAFileHoweverSmallItMayBe() throws Exception {
        new AcctFile(path(), 1, 1).append(records(1, 2));

        assertThat(path()).hasBinaryContent(bytes(2, 1));
        assertThat(Path.of(path() + ".1")).hasBinaryContent(bytes(1, 1));
    }

    @Test
    public void shouldCutHalfARecordThatAnotherInstanceHasLeft() throws Exception {
        Files.write(path(), bytes(1, 1));
        Files.write(path(), new byte[13], StandardOpenOption.APPEND);

        file(100).append(records(2, 1));

        assertThat(path()).hasBinaryContent(bytes(1, 2));
    }

    @Test
    public void shouldBeginANewFileWhereItWasMovedAway() throws Exception {
        AcctFile file = file(100);
        file.append(records(1, 1));
        Files.move(path(), path().resolveSibling("moved"));
        file.append(records(2, 1));

        assertThat(path()).hasBinaryContent(bytes(2, 1));
    }

    @Test
    public void shouldTellTheErrorOfTheKernelAndThatNothingWasWritten() {
        AcctFile full = new AcctFile(Path.of("/dev/full"), 100 * BYTES, 1);
        ByteBuffer records = records(1, 2);

        assertThatThrownBy(() -> full.append(records)).isInstanceOf(IOException.class);
        assertThat(records.position()).isZero();
    }

    @Test
    public void shouldLeaveNoHalfRecordWhereTheDiskIsFullAndGoOnBehindTheLastWhole()
            throws Exception {
        FailingFile file = new FailingFile(path());
        file.room = 2 * BYTES + 20;
        ByteBuffer records = records(1, 5);

        assertThatThrownBy(() -> file.append(records)).hasMessageContaining("No space left");
        assertThat(records.position()).isEqualTo(2 * BYTES);
        assertThat(path()).hasBinaryContent(bytes(1, 2));

        file.room = Long.MAX_VALUE;
        file.append(records);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Files.copy(path(), all);
        assertThat(all.toByteArray()).isEqualTo(bytes(1, 5));
    }
}
