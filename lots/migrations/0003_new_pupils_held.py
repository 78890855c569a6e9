from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lots', '0002_places_to_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='place',
            name='held_at',
            field=models.DateTimeField(null=True),
        ),
    ]
