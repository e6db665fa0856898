// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.linux.Pages;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Fact;
import org.taskwatch.source.TaskRecord.Kind;
import org.taskwatch.source.ebpf.Records.Kept;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What is made of the bytes that the programs write.
public class DecoderTest {
    private static final int AT = 16; // records begin anywhere in the ring
    private static final int PID = 20;
    private static final int THREAD = 21;

    private final CgroupPaths cgroups = new CgroupPaths("", true);
    private final Decoder decoder = new Decoder(new Unreaped(), cgroups);
    private final Records records = new Records();
    private final ByteBuffer data = ByteBuffer.allocate(10_000).order(ByteOrder.nativeOrder());

    private void head(int kind, int tid) {
        data.putLong(AT + RecordLayout.TIME, 5).putInt(AT + RecordLayout.KIND, kind);
        data.putInt(AT + RecordLayout.TID, tid).putInt(AT + RecordLayout.PID, PID);
        data.putLong(AT + RecordLayout.START, 3);
    }

    private List<Kept> record() {
        int before = records.all().size();
        decoder.record(data, AT, records);
        return records.all().subList(before, records.all().size());
    }

    private List<Kept> exit(int tid, int status, boolean isLast, int processStatus) {
        head(RecordLayout.EXIT, tid);
        data.putInt(AT + RecordLayout.STATUS, status);
        data.putInt(AT + RecordLayout.IS_LAST, isLast ? 1 : 0);
        data.putInt(AT + RecordLayout.PROCESS_STATUS, processStatus);
        return record();
    }

    private void use(long user, long system, long run, long read) {
        data.putInt(AT + RecordLayout.HAS_USAGE, 1).putLong(AT + RecordLayout.USER, user);
        data.putLong(AT + RecordLayout.SYSTEM, system).putLong(AT + RecordLayout.RUN, run);
        data.putLong(AT + RecordLayout.MAX_RESIDENT, 3).putLong(AT + RecordLayout.READ, read);
        data.putLong(AT + RecordLayout.WRITTEN, read);
        data.putLong(AT + RecordLayout.MINOR_FAULTS, 5).putLong(AT + RecordLayout.MAJOR_FAULTS, 6);
    }

    @Test
    public void shouldTellWhatAProcessHasUsedWithTheEndOfItsLastThread() {
        use(10_000_000, 30_000_000, 44_000_000, 512);
        List<Kept> told = exit(THREAD, 0, true, 0);
        assertThat(told).hasSize(2);
        for (Kept end : told) {
            assertThat(end.fact(Fact.USER_NANOS)).isEqualTo(11_000_000);
            assertThat(end.fact(Fact.SYSTEM_NANOS)).isEqualTo(33_000_000);
            assertThat(end.fact(Fact.MAX_RESIDENT_BYTES)).isEqualTo(3L * Pages.size());
            assertThat(end.fact(Fact.MINOR_FAULTS)).isEqualTo(5);
            assertThat(end.fact(Fact.MAJOR_FAULTS)).isEqualTo(6);
            assertThat(end.fact(Fact.READ_BYTES)).isEqualTo(512);
            assertThat(end.fact(Fact.WRITTEN_BYTES)).isEqualTo(512);
        }
        data.putInt(AT + RecordLayout.HAS_USAGE, 0);
        assertThat(exit(PID, 0, true, 0).getFirst().facts())
                .containsOnlyKeys(Fact.START_NANOS, Fact.STATUS);
    }

    @Test
    public void shouldTellWhatAProcessHasUsedWhenItIsFreed() {
        head(RecordLayout.FREE, PID);
        use(0, 0, 300_000, 512);
        assertThat(record().getFirst().fact(Fact.USER_NANOS)).isEqualTo(300_000);
        data.putInt(AT + RecordLayout.HAS_USAGE, 0);
        assertThat(record().getFirst().facts()).containsOnlyKeys(Fact.START_NANOS);
    }

    @Test
    public void shouldSplitTheRunTimeAsTheKernelDoesAndLeaveOutWhatItDoesNotCount() {
        wantProcessesOnly();
        use(0, 0, 300_000, RecordLayout.NOT_COUNTED); // ended before the first tick
        Kept end = exit(PID, 0, true, 0).getFirst();
        assertThat(end.fact(Fact.USER_NANOS)).isEqualTo(300_000);
        assertThat(end.fact(Fact.SYSTEM_NANOS)).isZero();
        assertThat(end.facts()).doesNotContainKeys(Fact.READ_BYTES, Fact.WRITTEN_BYTES);

        use(0, 4_000_000, 5_000_000, 0);
        end = exit(PID, 0, true, 0).getFirst();
        assertThat(end.fact(Fact.USER_NANOS)).isZero();
        assertThat(end.fact(Fact.SYSTEM_NANOS)).isEqualTo(5_000_000);
        assertThat(end.fact(Fact.READ_BYTES)).isZero();
    }

    private void wantProcessesOnly() {
        decoder.demand(new Demand(Set.of(), false, Set.of(), false, false));
    }

    private static List<String> ends(List<Kept> told) {
        return told.stream()
                .map(end -> end.kind() + " " + end.tid() + " " + end.fact(Fact.STATUS))
                .toList();
    }

    @Test
    public void shouldTellEachExitWhileThreadsAreWantedAndTheEndOfTheProcessWithTheLast() {
        assertThat(ends(exit(PID, 0, false, 0))).containsExactly("EXITED 20 0");
        assertThat(ends(exit(THREAD, 256, true, 512)))
                .containsExactly("EXITED 21 256", "EXITED 20 512");
        assertThat(ends(exit(PID, 9, true, 9))).containsExactly("EXITED 20 9");
    }

    @Test
    public void shouldTellOnlyTheEndOfTheProcessElse() {
        wantProcessesOnly();

        assertThat(exit(PID, 0, false, 0)).isEmpty(); // it was made before that was known
        assertThat(exit(THREAD, 0, false, 0)).isEmpty();
        assertThat(ends(exit(THREAD, 0, true, 512))).containsExactly("EXITED 20 512");
        assertThat(ends(exit(PID, 9, true, 9))).containsExactly("EXITED 20 9");
    }

    @Test
    public void shouldLeaveOutOtherRecordsOfThreadsThatNobodyWants() {
        wantProcessesOnly();
        head(RecordLayout.CLONE, THREAD);
        assertThat(record()).isEmpty();
        head(RecordLayout.RENAME, THREAD);
        assertThat(record()).isEmpty();
    }

    @Test
    public void shouldTellIdsAsUnsignedAndTheLoginOnlyIfItIsWanted() {
        head(RecordLayout.CLONE, PID);
        data.putInt(AT + RecordLayout.REAL_UID, -2).putInt(AT + RecordLayout.LOGIN_UID, -1);
        data.putLong(AT + RecordLayout.CLONE_FLAGS, 0x1_0000_0011L);

        Kept clone = record().getFirst();
        assertThat(clone.kind()).isEqualTo(Kind.CLONED);
        assertThat(clone.nanos()).isEqualTo(5);
        assertThat(clone.fact(Fact.START_NANOS)).isEqualTo(3);
        assertThat(clone.fact(Fact.REAL_UID)).isEqualTo(0xffff_fffeL);
        assertThat(clone.fact(Fact.LOGIN_UID)).isEqualTo(0xffff_ffffL);
        assertThat(clone.fact(Fact.CLONE_FLAGS)).isEqualTo(0x1_0000_0011L);

        wantProcessesOnly();
        assertThat(record().getFirst().facts()).doesNotContainKey(Fact.LOGIN_UID);
        decoder.demand(new Demand(Set.of(), false, Set.of(Capture.LOGIN), false, false));
        assertThat(record().getFirst().facts()).containsKey(Fact.LOGIN_UID);
    }

    private void exec(String arguments, long total, String executable, String directory) {
        head(RecordLayout.EXEC, PID);
        data.put(AT + RecordLayout.NAME, "0123456789abcde\0".getBytes(UTF_8));
        data.putInt(AT + RecordLayout.ARGUMENTS_LENGTH, arguments.length());
        data.putLong(AT + RecordLayout.ARGUMENTS_TOTAL, total);
        data.putInt(AT + RecordLayout.EXECUTABLE_LENGTH, executable.length());
        data.putInt(AT + RecordLayout.DIRECTORY_LENGTH, directory.length());
        byte[] rest = (arguments + executable + directory).getBytes(UTF_8);
        data.put(AT + RecordLayout.EXEC_BYTES, rest);
    }

    @Test
    public void shouldTellAProgramWithAllThatIsBehindIt() {
        exec("ls\0-l\0\0", 7, "ls\0bin\0", "");
        Kept exec = record().getFirst();

        assertThat(exec.comm()).isEqualTo(Detail.of("0123456789abcde"));
        assertThat(exec.arguments())
                .satisfies(all ->
                        assertThat(all.value().orElseThrow()).containsExactly("ls", "-l", ""));
        assertThat(exec.executable()).isEqualTo(Detail.of("/bin/ls"));
        assertThat(exec.directory()).isEqualTo(Detail.of("/"));
    }

    @Test
    public void shouldSayIfArgumentsAreCutAndLeaveOutWhatIsNotKnown() {
        exec("ls\0-", 5, "", "");
        data.putInt(AT + RecordLayout.EXECUTABLE_LENGTH, RecordLayout.NO_PATH);
        data.putInt(AT + RecordLayout.DIRECTORY_LENGTH, RecordLayout.NO_PATH);
        Kept exec = record().getFirst();
        assertThat(exec.arguments()).satisfies(some -> assertThat(some.isCut()).isTrue());
        assertThat(exec.executable()).isNull();
        assertThat(exec.directory()).isNull();

        data.putInt(AT + RecordLayout.ARGUMENTS_LENGTH, 0); // their page was not in memory
        assertThat(record().getFirst().arguments()).isNull();
    }

    @Test
    public void shouldTellTheControlGroupByThePathThatWasToldWhenItWasMade() {
        head(RecordLayout.GROUP, 0);
        data.putInt(AT + RecordLayout.PID, 0).putLong(AT + RecordLayout.GROUP_ID, 77);
        data.put(AT + RecordLayout.GROUP_PATH, "/a/b\0old".getBytes(UTF_8));
        assertThat(record()).isEmpty();

        data.clear();
        head(RecordLayout.CLONE, PID);
        data.putLong(AT + RecordLayout.CGROUP, 77);
        assertThat(record().getFirst().cgroup()).isEqualTo(Detail.of("/a/b"));
        data.putLong(AT + RecordLayout.CGROUP, 78); // of a group that nobody knows
        assertThat(record().getFirst().cgroup()).isNull();
        assertThat(record().getFirst().fact(Fact.CGROUP_ID)).isEqualTo(78);
        data.putLong(AT + RecordLayout.CGROUP, 0); // nobody wants it
        assertThat(record().getFirst().facts()).doesNotContainKey(Fact.CGROUP_ID);
    }

    @Test
    public void shouldTellWhichIdsHaveChangedAndAllOfThem() {
        head(RecordLayout.IDS, PID);
        data.putInt(AT + RecordLayout.REAL_UID, 7).putInt(AT + RecordLayout.SAVED_GID, -2);
        data.putInt(AT + RecordLayout.CHANGED, RecordLayout.USERS_CHANGED);
        assertThat(record())
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.kind()).isEqualTo(Kind.UID_CHANGED);
                    assertThat(change.fact(Fact.REAL_UID)).isEqualTo(7);
                    assertThat(change.facts()).doesNotContainKey(Fact.SAVED_GID);
                });

        data.putInt(
                AT + RecordLayout.CHANGED,
                RecordLayout.USERS_CHANGED | RecordLayout.GROUPS_CHANGED);
        List<Kept> both = record();
        assertThat(both).extracting(Kept::kind).containsExactly(Kind.UID_CHANGED, Kind.GID_CHANGED);
        assertThat(both.getLast().fact(Fact.SAVED_GID)).isEqualTo(0xffff_fffeL);
    }

    @Test
    public void shouldTellTheNamespacesThatTheKernelHas() {
        head(RecordLayout.CLONE, PID);
        assertThat(record().getFirst().namespaces()).isNull();

        data.putInt(AT + RecordLayout.HAS_NAMESPACES, 1);
        data.putInt(AT + Namespaces.at("net"), 0xf000_0000).putInt(AT + Namespaces.at("uts"), 5);
        Detail<Map<String, Long>> first = Objects.requireNonNull(record().getFirst().namespaces());
        assertThat(first).isEqualTo(Detail.of(Map.of("net", 0xf000_0000L, "uts", 5L)));
        assertThat(record().getFirst().namespaces()).isSameAs(first);
        data.putInt(AT + Namespaces.at("uts"), 6);
        assertThat(record().getFirst().namespaces())
                .isEqualTo(Detail.of(Map.of("net", 0xf000_0000L, "uts", 6L)));
    }

    @Test
    public void shouldRefuseARecordOfNoKind() {
        head(77, PID);
        assertThatThrownBy(this::record)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a record of no kind in the ring");
    }
}
