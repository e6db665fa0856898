// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.Test;
import org.taskwatch.api.Detail;
import org.taskwatch.source.TaskRecord.Kind;

import java.util.NoSuchElementException;

/// Facts are present or absent, and forgotten when the next record begins.
public class TaskRecordTest {
    private final TaskRecord record = new TaskRecord();

    @Test
    public void shouldTellAZeroFromAFactThatIsNotKnown() {
        record.begin(Kind.CLONED, 1, 7, 7);
        assertThat(record.has(Fact.CLONE_FLAGS)).isFalse();
        assertThat(record.get(Fact.CLONE_FLAGS, -1)).isEqualTo(-1);

        record.set(Fact.CLONE_FLAGS, 0);
        assertThat(record.has(Fact.CLONE_FLAGS)).isTrue();
        assertThat(record.get(Fact.CLONE_FLAGS, -1)).isZero();
    }

    @Test
    public void shouldForgetAllFactsWhenTheNextRecordBegins() {
        record.begin(Kind.EXECUTED, 1, 7, 7).set(Fact.STACK_START, 5).comm(Detail.of("ls"));
        assertThat(record.hasDetails()).isTrue();

        record.begin(Kind.EXITED, 2, 8, 7);
        assertThat(record.has(Fact.STACK_START)).isFalse();
        assertThat(record.hasDetails()).isFalse();
        assertThat(record.comm()).isNull();
        assertThat(record.isThread()).isTrue();
    }

    @Test
    public void shouldNameTheFactAndTheTaskIfItIsAskedForWhatItDoesNotKnow() {
        record.begin(Kind.EXITED, 1, 8, 7);

        assertThatThrownBy(() -> record.get(Fact.STATUS))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("STATUS is not known of EXITED of tid 8, pid 7");
    }

    @Test
    public void shouldHaveABitForEachFact() {
        long all = 0;
        for (Fact fact : Fact.values()) {
            record.set(fact, fact.ordinal());
            all |= fact.bit();
        }

        assertThat(Long.bitCount(all)).isEqualTo(Fact.values().length);
        assertThat(record.hasAll(all)).isTrue();
        record.begin(Kind.FREED, 1, 7, 7);
        assertThat(record.hasAll(all)).isFalse();
    }
}
