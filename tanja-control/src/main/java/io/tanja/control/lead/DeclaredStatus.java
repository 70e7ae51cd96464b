package io.tanja.control.lead;

import io.tanja.control.source.Declared;
import java.util.List;

/** What an object's status should say. */
record DeclaredStatus(Declared object, List<Condition> conditions) {
    DeclaredStatus {
        conditions = List.copyOf(conditions);
    }
}
