package example;

import org.osgi.service.component.annotations.*;
import org.taskwatch.api.*;

import java.time.Duration;
import java.time.Instant;

@Component
@WatchTask(value = {TaskEvent.EXEC, TaskEvent.EXIT}, threads = false)
public class RunTimes implements TaskWatcher {
    private final TaskLocal<Instant> starts;

    @Activate
    public RunTimes(@Reference TaskLocals locals) {
        starts = locals.<Instant>named("start").create();
    }

    @Override
    public Verdict notify(TaskNotification n) {
        Instant start = starts.get(n.task());
        if (start != null) {
            System.out.println(n.task() + " ran " + Duration.between(start, n.time()));
        }
        starts.set(n.task(), n.time());
        return Verdict.ALLOW;
    }
}
