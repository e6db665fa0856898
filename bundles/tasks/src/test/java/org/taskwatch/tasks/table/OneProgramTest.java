// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;

import java.util.List;
import java.util.function.IntPredicate;

/// The details of one record belong to one program, whatever happens while they are read.
public class OneProgramTest extends TableTest {
    private static final IntPredicate NO = _ -> false;

    private void exec(IntPredicate hasExecutedAgain) {
        recorder.cloned(at(0), 11, 11, 10, 10, 0);
        recorder.executed(at(1), 11, 11, hasExecutedAgain);
    }

    private void assertGone() {
        TaskDetails details = core.notifications().getLast().details();
        assertThat(details.comm()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(details.executable()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(details.commandLine()).isEqualTo(Detail.unknown(Reason.GONE));
    }

    private void assertIs(String name) {
        TaskDetails details = core.notifications().getLast().details();
        assertThat(details.comm()).isEqualTo(Detail.of(name));
        assertThat(details.executable()).isEqualTo(Detail.of("/bin/" + name));
        assertThat(details.commandLine()).isEqualTo(Detail.of(List.of(name, "-x")));
    }

    /// Has a process execute another program the moment its arguments are read.
    private void executeWhileRead(long firstStack, long nextStack) throws Exception {
        proc.process(11, 10, start, "torn");
        proc.stack(11, firstStack);
        proc.onArguments(
                11,
                "sh\0-x\0",
                () -> {
                    proc.threads(11, 10, start, "sh", 1);
                    proc.stack(11, nextStack);
                });
    }

    @Test
    public void shouldGiveAllDetailsOfTheProgramThatWasExecuted() {
        proc.process(11, 10, start, "torn");
        exec(NO);

        assertIs("torn");
    }

    @Test
    public void shouldLoseAllDetailsIfAnotherProgramCameWhileTheyWereRead() throws Exception {
        executeWhileRead(4711, 4712);
        exec(NO);

        assertGone();
    }

    @Test
    public void shouldNoticeAnotherProgramByItsNameWhereTheStackIsNotKnown() throws Exception {
        executeWhileRead(0, 0);
        exec(NO);

        assertGone();
    }

    @Test
    public void shouldNoticeAnotherProgramThatHasEndedAlready() throws Exception {
        proc.process(11, 10, start, "torn");
        proc.onArguments(11, "sh\0-x\0", () -> proc.zombie(11, 10, start, "sh", 1));
        exec(NO);

        assertGone();
    }

    @Test
    public void shouldKeepWhatWasReadIfTheProcessEndsMeanwhile() throws Exception {
        proc.process(11, 10, start, "torn");
        proc.onArguments(11, "torn\0-x\0", () -> proc.zombie(11, 10, start, "torn", 1));
        exec(NO);

        assertIs("torn");
    }

    @Test
    public void shouldLoseAllDetailsIfTheSourceKnowsOfALaterExec() {
        proc.process(11, 10, start, "sh");
        exec(pid -> pid == 11);
        assertGone();

        recorder.executed(at(2), 11, 11, NO);
        assertIs("sh");
    }

    @Test
    public void shouldAskTheSourceAfterReading() {
        proc.process(11, 10, start, "torn");
        exec(pid -> {
            proc.remove(pid); // what was to be read was read
            return false;
        });

        assertIs("torn");
    }

    @Test
    public void shouldLoseAllDetailsInTheMiddleOfAnExec() {
        proc.process(11, 10, start, "sh");
        proc.loading(11);
        exec(NO);

        assertGone();
    }

    @Test
    public void shouldKeepTheNameOfAZombie() {
        proc.zombie(11, 10, start, "torn", 1);
        exec(NO);

        TaskDetails details = core.notifications().getLast().details();
        assertThat(details.comm()).isEqualTo(Detail.of("torn"));
        assertThat(details.commandLine()).isEqualTo(Detail.unknown(Reason.GONE));
    }

    @Test
    public void shouldNotMixInALaterProgramWhenArgumentsAreWantedAnew() {
        interest.wantForAll();
        captures.catchUp(tasks);
        proc.process(11, 10, start, "torn");
        exec(NO);
        proc.process(11, 10, start, "sh"); // its EXEC is still to be read
        interest.wantForAll(Capture.values());
        captures.catchUp(tasks);

        TaskDetails details = task(11).details();
        assertThat(details.comm()).isEqualTo(Detail.of("torn"));
        assertThat(details.commandLine()).isEqualTo(Detail.unknown(Reason.GONE));
        assertThat(details.executable()).isEqualTo(Detail.unknown(Reason.GONE));
    }
}
