import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lots', '0003_new_pupils_held'),
        ('providers', '0002_seats'),
    ]

    operations = [
        migrations.AddField(
            model_name='submittedversion',
            name='evidence',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lots.evidence'),
        ),
    ]
